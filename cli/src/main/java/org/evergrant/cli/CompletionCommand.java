package org.evergrant.cli;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
    @Parameters(
            paramLabel = "bash|zsh",
            completionCandidates = Shells.class,
            description = "The shell.")
    private String shell = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    /** The shells whose completion is known. */
    static final class Shells implements Iterable<String> {
        private static final List<String> ALL = List.of("bash", "zsh");

        @Override
        public Iterator<String> iterator() {
            return ALL.iterator();
        }
    }

    @Override
    public Integer call() {
        if (!Shells.ALL.contains(shell)) {
            throw new ParameterException(spec.commandLine(), "the shell is bash or zsh");
        }
        if (shell.equals("zsh")) {
            System.out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        System.out.println(AutoComplete.bash("evergrant", Main.whole()));
        return Exit.DONE;
    }
}
