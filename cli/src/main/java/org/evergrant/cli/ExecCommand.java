package org.evergrant.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
            "The token is in no argument, so no process list shows it. Ends as COMMAND ends.",
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
        ProcessBuilder child = new ProcessBuilder(command).inheritIO();
        child.environment().put(variable, token());
        try {
            return run(child.start());
        } catch (IOException failure) {
            System.err.println("evergrant: cannot run '" + command.get(0) + "'");
            return CANNOT_RUN;
        }
    }

    private String token() {
        Configuration configuration = configured.read();
        App named = Configured.app(configuration, app);
        try (Node node = Configured.node(configuration)) {
            return node.tokens(named).get().value().reveal();
        }
    }

    /** Who stops us stops the child first. */
    private static int run(Process child) throws InterruptedException {
        Thread stop =
                new Thread(() -> {
                    child.destroy();
                    try {
                        child.waitFor();
                    } catch (InterruptedException hurry) {
                        child.destroyForcibly();
                    }
                });
        Runtime.getRuntime().addShutdownHook(stop);
        int code = child.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException stopping) {
            // The hook is running: the child ended because of it.
            return code;
        }
        return code;
    }
}
