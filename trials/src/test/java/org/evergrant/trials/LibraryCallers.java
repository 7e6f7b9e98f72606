package org.evergrant.trials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.evergrant.App;
import org.evergrant.EvergrantException;
import org.evergrant.Node;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.broker.config.Configuration;

/** A process that uses the library: callers of each app ask, call and think, until killed. */
final class LibraryCallers {
    static final Duration THINK = Duration.ofMillis(50);

    private LibraryCallers() {}

    /**
     * Runs until it is stopped; told the configuration, the log, the provider, how many callers
     * there are for each app, and for how many ms each thinks at least.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Configuration configuration = Configuration.load(Path.of(args[0]), System.getenv());
        Api api = new Api(args[2]);
        int callers = Integer.parseInt(args[3]);
        Duration think = Duration.ofMillis(Long.parseLong(args[4]));
        Node node = Node.builder().store(configuration.openStore()).build();
        CallLog log = new CallLog(Path.of(args[1]));
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch stopped = new CountDownLatch(callers * configuration.apps().size());
        for (App app : configuration.apps().values()) {
            TokenSource tokens = node.tokens(app);
            for (int i = 0; i < callers; i++) {
                Thread.ofVirtual()
                        .start(() -> {
                            while (!stop.get()) {
                                OutsideCallers.pause(think);
                                call(tokens, api, log);
                            }
                            stopped.countDown();
                        });
            }
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
        Instant asked = Instant.now();
        try {
            Token token = tokens.get();
            Instant handed = Instant.now();
            Instant until = handed.plus(tokens.lifeLeft(token));
            if (log.call(api, app, token.value().reveal(), handed, until) == 401) {
                tokens.reject(token);
            }
        } catch (EvergrantException none) {
            log.tokenless(app, asked, none.toString());
        } catch (UncheckedIOException unanswered) {
            // The log has the call without its answer.
            return;
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
