package org.evergrant.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.evergrant.broker.Broker;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.config.Listen;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the broker. */
@Command(
        name = "serve",
        description =
                "Runs the broker: a token endpoint in front of the providers' token endpoints.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Change one URL in an OAuth client, and its tokens come from here. Stops on SIGTERM:"
                    + " requests under",
            "way end, a mint under way is published.",
            "",
            "  ZOOM_ACCOUNT_ID=… ZOOM_CLIENT_ID=… ZOOM_CLIENT_SECRET=… evergrant serve",
            "  evergrant serve --config evergrant.yaml --listen 127.0.0.1:8484",
            "  curl -u \"$ZOOM_CLIENT_ID:$ZOOM_CLIENT_SECRET\" -d grant_type=client_credentials \\",
            "    127.0.0.1:8484/oauth/token"
        })
final class ServeCommand implements Callable<Integer> {
    /** One line a record. */
    private static final String LOG_FORMAT = "%1$tF %1$tT %4$s %5$s%6$s%n";

    @Mixin private Configured configured = new Configured();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = EmulatorCommand.ListenOption.class,
            description = "Where to listen, in place of what the configuration says.")
    private @Nullable Listen listen;

    @Override
    public Integer call() throws InterruptedException {
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", LOG_FORMAT);
        }
        Configuration configuration = configured.read();
        Broker broker = start(listen == null ? configuration : configuration.withListen(listen));
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    broker.close();
                                    stopped.countDown();
                                },
                                "evergrant-stop"));
        stopped.await();
        return Exit.DONE;
    }

    private static Broker start(Configuration configuration) {
        try {
            return Broker.start(configuration);
        } catch (IllegalStateException taken) {
            throw new CannotListenException(String.valueOf(taken.getMessage()));
        }
    }

    /** The address is taken or not this machine's. */
    static final class CannotListenException extends RuntimeException {
        CannotListenException(String message) {
            super(message);
        }
    }
}
