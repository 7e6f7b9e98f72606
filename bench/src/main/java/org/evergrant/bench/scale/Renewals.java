package org.evergrant.bench.scale;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.spi.Observer;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.CountingStore;

/**
 * How many renewals a second a store carries. Every node has every app in use. A renewal is what it
 * is for a fleet: a caller asks for a token with life left, a node claims, mints at a provider that
 * takes no time, and publishes; each other node hears of both and takes the token over. So many are
 * under way at any time, of one app after the other, on one node after the other.
 *
 * <p>There have to be so many apps that an app's turn comes again when more than a fifth of its
 * token's life is over, before which nothing is due, and less than a half, after which a node takes
 * it for one that is not in use. So a record has as few tokens as in a fleet, which renews each
 * once in its life, and not one for each turn.
 *
 * @param perSecond renewals
 * @param adoptions by other nodes, for each renewal
 * @param store what was asked of the store
 * @param took how long a renewal took
 */
record Renewals(double perSecond, double adoptions, CountingStore.Counts store, Samples took) {
    private static final Duration WAIT = Duration.ofSeconds(30);

    /** By then the other nodes have heard of the last renewals of a round. */
    private static final Duration LAST = Duration.ofMillis(500);

    /** As many as a run can come to, at a rate that no store here has. */
    private static final int MOST = 1_000_000;

    /** Asks under way while the apps are brought into use. */
    private static final int AT_ONCE = 1_000;

    /** Of a warm-up. */
    private static final int MOST_ROUNDS = 16;

    /** A rate that is this much higher than the best before has risen. */
    private static final double RISEN = 1.03;

    static Renewals of(
            Backend backend, int nodes, int apps, Duration life, int underWay, Duration howLong)
            throws Exception {
        try (Fleet fleet = new Fleet(backend, nodes, apps, life)) {
            fleet.warmUp();
            fleet.steady(underWay, howLong.dividedBy(2));
            return fleet.renew(underWay, howLong);
        }
    }

    /** The store's calls for each renewal. */
    double calls() {
        return (double) store.calls() / took.count();
    }

    private static final class Fleet implements AutoCloseable {
        private final List<CountingStore> stores = new ArrayList<>();
        private final List<Node> nodes = new ArrayList<>();
        private final List<List<TokenSource>> sources = new ArrayList<>();
        private final LongAdder adoptions = new LongAdder();
        private final AtomicLong next = new AtomicLong();
        private final ExecutorService driver = Executors.newSingleThreadExecutor();
        private final Duration life;

        /** The newest generation that was handed out of each app; the driver's own. */
        private final long[] newest;

        Fleet(Backend backend, int nodeCount, int appCount, Duration life) {
            this.life = life;
            this.newest = new long[appCount];
            List<App> apps = Apps.of(0, appCount, Retention.KEEP_ALL);
            TimedMinter provider = new TimedMinter(TimedMinter.Later.REAL, Duration.ZERO, life);
            for (int i = 0; i < nodeCount; i++) {
                CountingStore store = new CountingStore(backend.open());
                stores.add(store);
                Node node =
                        Node.builder()
                                .store(store)
                                .minter(provider)
                                .observer(new Adoptions(adoptions))
                                .wait(WAIT)
                                .build();
                nodes.add(node);
                sources.add(apps.stream().map(node::tokens).toList());
            }
        }

        /** Has every app in use on every node. */
        void warmUp() throws Exception {
            for (List<TokenSource> ofOneNode : sources) {
                for (int i = 0; i < ofOneNode.size(); i += AT_ONCE) {
                    List<CompletableFuture<Token>> asks =
                            ofOneNode.subList(i, Math.min(i + AT_ONCE, ofOneNode.size())).stream()
                                    .map(TokenSource::getAsync)
                                    .toList();
                    CompletableFuture.allOf(asks.toArray(CompletableFuture[]::new))
                            .get(WAIT.toSeconds(), TimeUnit.SECONDS);
                    for (int k = 0; k < asks.size(); k++) {
                        newest[i + k] = asks.get(k).join().generation();
                    }
                }
            }
        }

        /**
         * Renews until the rate has risen no more for two rounds: the JVM goes on compiling for
         * half a minute, on cores that a fleet in use has for itself.
         */
        void steady(int underWay, Duration round) throws Exception {
            double best = 0;
            for (int i = 0, since = 0; i < MOST_ROUNDS && since < 2; i++) {
                double rate = renew(underWay, round).perSecond();
                System.err.printf(Locale.ROOT, "scale: warming up: %,.0f renewals/s%n", rate);
                since = rate > best * RISEN ? 0 : since + 1;
                best = Math.max(best, rate);
            }
        }

        Renewals renew(int underWay, Duration howLong) throws Exception {
            CountingStore.Counts before = counts();
            long adoptedBefore = adoptions.sum();
            Run run = new Run(System.nanoTime(), howLong);
            List<CompletableFuture<Void>> lines = new ArrayList<>();
            for (int i = 0; i < underWay; i++) {
                CompletableFuture<Void> line = new CompletableFuture<>();
                lines.add(line);
                driver.execute(() -> step(run, line));
            }
            CompletableFuture.allOf(lines.toArray(CompletableFuture[]::new))
                    .get(howLong.plus(WAIT.multipliedBy(2)).toSeconds(), TimeUnit.SECONDS);
            double seconds = (System.nanoTime() - run.begun) / 1e9;
            long expected = run.done.get() * (nodes.size() - 1);
            // What the last ones set off; two renewals of an app in a row may be one adoption.
            Await.holds(LAST, () -> adoptions.sum() - adoptedBefore >= expected);
            return new Renewals(
                    run.done.get() / seconds,
                    (double) (adoptions.sum() - adoptedBefore) / run.done.get(),
                    counts().since(before),
                    Samples.of(Arrays.copyOf(run.took, (int) run.done.get())));
        }

        private void step(Run run, CompletableFuture<Void> line) {
            long number = next.getAndIncrement();
            List<TokenSource> ofNode = sources.get((int) (number % sources.size()));
            int app = (int) (number % ofNode.size());
            sources.forEach(node -> {
                CompletableFuture<Token> _ = node.get(app).getAsync();
            });
            long begun = System.nanoTime();
            CompletableFuture<Void> _ =
                    ofNode.get(app)
                            .getAsync(life, WAIT)
                            .handleAsync(
                                    (token, failure) -> {
                                        if (failure != null) {
                                            line.completeExceptionally(failure);
                                            return null;
                                        }
                                        if (token.generation() > newest[app]) {
                                            newest[app] = token.generation();
                                            run.renewed(System.nanoTime() - begun);
                                        }
                                        if (run.isOver()) {
                                            line.complete(null);
                                        } else {
                                            step(run, line);
                                        }
                                        return null;
                                    },
                                    driver);
        }

        private CountingStore.Counts counts() {
            return stores.stream()
                    .map(CountingStore::counts)
                    .reduce(new CountingStore.Counts(0, 0, 0, 0, 0), CountingStore.Counts::plus);
        }

        @Override
        public void close() {
            nodes.forEach(Node::close);
            driver.shutdownNow();
        }
    }

    /** One measurement; used by the one driver thread. */
    private static final class Run {
        private final long begun;
        private final long length;
        private final long[] took = new long[MOST];
        private final AtomicLong done = new AtomicLong();

        Run(long begun, Duration length) {
            this.begun = begun;
            this.length = length.toNanos();
        }

        void renewed(long nanos) {
            took[(int) done.getAndIncrement()] = nanos;
        }

        /** Not before the first renewal: where nothing is due yet, nothing is measured. */
        boolean isOver() {
            boolean late = System.nanoTime() - begun > length;
            return (late && done.get() > 0) || done.get() == MOST;
        }
    }

    private record Adoptions(LongAdder count) implements Observer {
        @Override
        public void adopted(AppId app, Token token) {
            count.increment();
        }
    }
}
