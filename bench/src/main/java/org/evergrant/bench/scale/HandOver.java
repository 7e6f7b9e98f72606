package org.evergrant.bench.scale;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;

/**
 * How long after one node publishes a token the callers who wait on the others have it. In each
 * round a caller on every node asks for an app that has no token yet; one node mints, which takes
 * 100 ms, and the others wait. The time counts from the moment the token is sent to the store, and
 * so holds the write itself.
 */
final class HandOver {
    /** How long a mint takes, and so how often there is a hand-over. */
    static final Duration LATENCY = Duration.ofMillis(100);

    private static final Duration LIFE = Duration.ofHours(1);
    private static final long DEADLINE_S = 20;

    /** Rounds that are not counted: connections are opened in them, and code is compiled. */
    private static final int WARM_UP = 50;

    private HandOver() {}

    static Samples of(Backend backend, int nodeCount, int rounds) throws Exception {
        List<Sending> stores = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        LongStream.Builder took = LongStream.builder();
        TimedMinter provider = new TimedMinter(TimedMinter.Later.REAL, LATENCY, LIFE);
        try {
            for (int i = 0; i < nodeCount; i++) {
                Sending store = new Sending(backend.open());
                stores.add(store);
                nodes.add(Node.builder().store(store).minter(provider).build());
            }
            for (App app : Apps.of(0, WARM_UP, Retention.NEWEST_ONLY)) {
                round(app, nodes, stores, LongStream.builder());
            }
            for (App app : Apps.of(WARM_UP, rounds, Retention.NEWEST_ONLY)) {
                round(app, nodes, stores, took);
            }
        } finally {
            nodes.forEach(Node::close);
        }
        return Samples.of(took.build().toArray());
    }

    private static void round(
            App app, List<Node> nodes, List<Sending> stores, LongStream.Builder took)
            throws Exception {
        stores.forEach(store -> store.sent = 0);
        List<CompletableFuture<Long>> had =
                nodes.stream()
                        .map(node ->
                                node.tokens(app).getAsync().thenApply(token -> System.nanoTime()))
                        .toList();
        CompletableFuture.allOf(had.toArray(CompletableFuture[]::new))
                .get(DEADLINE_S, TimeUnit.SECONDS);
        long sent = stores.stream().mapToLong(store -> store.sent).max().orElseThrow();
        for (int i = 0; i < nodes.size(); i++) {
            if (stores.get(i).sent != sent) {
                took.add(had.get(i).join() - sent);
            }
        }
    }

    /** A node's store, which notes when a token was sent to it. */
    private static final class Sending implements Store {
        private final Store inner;
        private volatile long sent;

        Sending(Store inner) {
            this.inner = inner;
        }

        @Override
        public Versioned read(AppId app) {
            return inner.read(app);
        }

        @Override
        public boolean cas(AppId app, long version, AppRecord record) {
            if (record.claim() == null && record.generation() > 0) {
                sent = System.nanoTime();
            }
            return inner.cas(app, version, record);
        }

        @Override
        public Watch watch(AppId app, Listener listener) {
            return inner.watch(app, listener);
        }

        @Override
        public Instant now() {
            return inner.now();
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
