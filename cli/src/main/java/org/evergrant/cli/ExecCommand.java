package org.evergrant.cli;

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
            "The token is in no argument, so no process list shows it. Ends as COMMAND ends,",
            "and hands on the signals TERM, INT and HUP.",
            "",
            "  evergrant exec zoom -- sh -c 'curl -H \"Authorization: Bearer $EVERGRANT_TOKEN\" …'",
            "  evergrant exec zoom --env ZOOM_TOKEN -- ./nightly-report"
        })
final class ExecCommand implements Callable<Integer> {
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
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put(variable, token());
        return Foreground.run(builder, command.get(0));
    }

    private String token() {
        Configuration configuration = configured.read();
        App named = Configured.app(configuration, app);
        try (Node node = Configured.node(configuration)) {
            return node.tokens(named).get().value().reveal();
        }
    }
}
