package org.evergrant;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Observer;
import org.evergrant.spi.TimeSource;

/**
 * One app of one node, without threads of its own: what it gives to its executor runs at once. It
 * is made some million times, so it has just what it needs.
 */
final class Scene {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final App APP =
            App.zoom(AppId.of("zoom"))
                    .accountId("account")
                    .clientId("client")
                    .clientSecret(Secret.of("secret"))
                    .retention(Retention.NEWEST_ONLY)
                    .build();

    final PassingTime time = new PassingTime();
    final TokenSource tokens;

    Scene() {
        MemoryStore store = MemoryStore.create(() -> Instant.EPOCH.plusNanos(time.nanos()));
        NodeParts node =
                new NodeParts(
                        "node",
                        store,
                        new CountingMinter(),
                        Runnable::run,
                        time,
                        new SharedClock(store, time),
                        Observer.NONE);
        tokens = new Keeper(node, APP, LIFE);
    }

    /** Returns the token's generation; 0 for a token of which a part is not there. */
    static long generationIfWhole(Token token) {
        boolean whole =
                token.value().reveal().equals("token-" + token.generation())
                        && token.type().equals("bearer")
                        && token.life().equals(LIFE)
                        && token.standing() == Token.Standing.GOOD;
        return whole ? token.generation() : 0;
    }

    /**
     * Time that stands still between the moments at which it is told to pass; no timer goes off.
     */
    static final class PassingTime implements TimeSource {
        private volatile long nanos;

        void pass(Duration by) {
            nanos = nanos() + by.toNanos();
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return () -> {};
        }

        @Override
        public void close() {}
    }

    /** Mints at once. */
    private static final class CountingMinter implements Minter {
        private final AtomicInteger mints = new AtomicInteger();

        @Override
        public CompletableFuture<Answer> mint(App app, int index) {
            Secret value = Secret.of("token-" + mints.incrementAndGet());
            return CompletableFuture.completedFuture(
                    new Minted(value, "bearer", "", "", Optional.of(LIFE)));
        }

        @Override
        public void close() {}
    }
}
