package org.evergrant.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a completion script. */
@Command(
        name = "completion",
        description = "Prints a script that completes evergrant's commands and options.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "  source <(evergrant completion bash)",
            "  evergrant completion zsh >> ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells whose completion is known. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}, in either case.")
    private Shell shell = Shell.BASH;

    @Override
    public Integer call() {
        if (shell == Shell.ZSH) {
            System.out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        System.out.println(AutoComplete.bash("evergrant", Main.whole()));
        return Exit.DONE;
    }
}
