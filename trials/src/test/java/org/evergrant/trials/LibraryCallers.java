package org.evergrant.trials;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.App;
import org.evergrant.EvergrantException;
import org.evergrant.Node;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.broker.config.Configuration;

/**
 * A process that uses the library: for each app one caller asks, calls and thinks, until killed.
 */
final class LibraryCallers {
    static final Duration THINK = Duration.ofMillis(50);

    private LibraryCallers() {}

    /** Runs until it is stopped; told the configuration, the log and the provider. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Configuration configuration = Configuration.load(Path.of(args[0]), System.getenv());
        CallLog log = new CallLog(Path.of(args[1]));
        Api api = new Api(args[2]);
        Node node = Node.builder().store(configuration.openStore()).build();
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch stopped = new CountDownLatch(configuration.apps().size());
        for (App app : configuration.apps().values()) {
            TokenSource tokens = node.tokens(app);
            Thread.ofVirtual()
                    .start(() -> {
                        while (!stop.get()) {
                            call(tokens, api, log);
                            LockSupport.parkNanos(THINK.toNanos());
                        }
                        stopped.countDown();
                    });
        }
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            stop.set(true);
                            awaitQuietly(stopped);
                            node.close();
                        }));
        new CountDownLatch(1).await();
    }

    private static void call(TokenSource tokens, Api api, CallLog log) {
        String app = tokens.app().id().value();
        try {
            Token token = tokens.get();
            log.call(api, app, token.value().reveal());
        } catch (EvergrantException none) {
            log.tokenless(app, none.toString());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
