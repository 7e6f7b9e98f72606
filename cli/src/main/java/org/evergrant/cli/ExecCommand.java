package org.evergrant.cli;

import java.io.Console;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.Node;
import org.evergrant.broker.config.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a command with a live token in its environment. */
@Command(
        name = "exec",
        description = "Runs COMMAND with a live token of APP in its environment.",
        mixinStandardHelpOptions = true,
        customSynopsis = "evergrant exec APP [--config FILE] [--env NAME] -- COMMAND [ARGUMENT]...",
        footer = {
            "",
            "The token is in no argument, so no process list shows it. Ends as COMMAND ends,",
            "and hands on the signals TERM, INT and HUP.",
            "",
            "  evergrant exec zoom -- sh -c 'curl -H \"Authorization: Bearer $EVERGRANT_TOKEN\" …'",
            "  evergrant exec zoom --env ZOOM_TOKEN -- ./nightly-report"
        })
final class ExecCommand implements Callable<Integer> {
    /** What a shell answers where a command cannot be found or run. */
    private static final int CANNOT_RUN = 127;

    @Mixin private Configured configured = new Configured();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "APP", description = "The app's name.")
    private String app = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "What to run.")
    private List<String> command = new ArrayList<>();

    @Option(
            names = "--env",
            paramLabel = "NAME",
            description = "The variable that holds the token (default: EVERGRANT_TOKEN).")
    private String variable = "EVERGRANT_TOKEN";

    @Override
    public Integer call() throws InterruptedException {
        if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new ParameterException(
                    spec.commandLine(), "--env: not the name of an environment variable");
        }
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put(variable, token());
        CompletableFuture<Process> child = new CompletableFuture<>();
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Signals.on(signal, () -> forward(signal, child.join()));
        }
        try {
            child.complete(builder.start());
        } catch (IOException failure) {
            System.err.println("evergrant: cannot run '" + command.get(0) + "'");
            return CANNOT_RUN;
        }
        return child.join().waitFor();
    }

    /** The child alone decides how to end, so that its exit code is ours. */
    private static void forward(String signal, Process child) {
        if (signal.equals("INT") && isAtTerminal()) {
            // A terminal's Ctrl-C has reached the child already; a second one often means "at
            // once".
            return;
        }
        if (signal.equals("TERM")) {
            child.destroy();
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noKill) {
            child.destroy();
        }
    }

    private static boolean isAtTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private String token() {
        Configuration configuration = configured.read();
        App named = Configured.app(configuration, app);
        try (Node node = Configured.node(configuration)) {
            return node.tokens(named).get().value().reveal();
        }
    }
}
