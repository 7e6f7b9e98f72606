package org.evergrant.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.evergrant.App;
import org.evergrant.Node;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.config.ConfigurationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The configuration that a command works by. */
final class Configured {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The configuration; evergrant.yaml in this folder, else the environment, where"
                            + " none is named.")
    private @Nullable Path file;

    /** Returns the configuration, or throws every fault of it. */
    Configuration read() {
        Map<String, String> environment = System.getenv();
        return Configuration.locate(Optional.ofNullable(file), environment, Path.of(""));
    }

    /** Returns the app called {@code name}. */
    static App app(Configuration configuration, String name) {
        App app = configuration.apps().get(name);
        if (app == null) {
            throw new ConfigurationException(
                    List.of(
                            "evergrant: no app '"
                                    + name
                                    + "' in "
                                    + configuration.source()
                                    + " (there is: "
                                    + String.join(", ", configuration.apps().keySet())
                                    + ")"));
        }
        return app;
    }

    /** Returns a node on the configured store. */
    static Node node(Configuration configuration) {
        return Node.builder()
                .store(configuration.openStore())
                .wait(configuration.longestWait())
                .build();
    }
}
