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
 * is for a fleet: a node claims, mints at a provider that takes no time, and publishes; each other
 * node hears of both and takes the token over. So many are under way at any time, of one app after
 * the other, on one node after the other.
 *
 * <p>There have to be so many apps that few are renewed a third time: a record keeps every token
 * that lives, and one that is renewed each hour has two of them, not ten.
 *
 * @param perSecond renewals
 * @param adoptions by other nodes, for each renewal
 * @param store what was asked of the store
 * @param took how long a renewal took
 */
record Renewals(double perSecond, double adoptions, CountingStore.Counts store, Samples took) {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration WAIT = Duration.ofSeconds(30);

    /** As many as a run can come to, at a rate that no store here has. */
    private static final int MOST = 1_000_000;

    /** Asks under way while the apps are brought into use. */
    private static final int AT_ONCE = 1_000;

    /** Of a warm-up. */
    private static final int MOST_ROUNDS = 16;

    /** A rate that is this much higher than the best before has risen. */
    private static final double RISEN = 1.03;

    static Renewals of(Backend backend, int nodes, int apps, int underWay, Duration howLong)
            throws Exception {
        try (Fleet fleet = new Fleet(backend, nodes, apps)) {
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
        private final ExecutorService drivers = Executors.newSingleThreadExecutor();

        Fleet(Backend backend, int nodeCount, int appCount) {
            List<App> apps = Apps.of(0, appCount, Retention.KEEP_ALL);
            TimedMinter provider = new TimedMinter(TimedMinter.Later.REAL, Duration.ZERO, LIFE);
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
                    CompletableFuture<?>[] asks =
                            ofOneNode.subList(i, Math.min(i + AT_ONCE, ofOneNode.size())).stream()
                                    .map(TokenSource::getAsync)
                                    .toArray(CompletableFuture[]::new);
                    CompletableFuture.allOf(asks).get(WAIT.toSeconds(), TimeUnit.SECONDS);
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
                drivers.execute(() -> step(run, line));
            }
            CompletableFuture.allOf(lines.toArray(CompletableFuture[]::new))
                    .get(howLong.plus(WAIT.multipliedBy(2)).toSeconds(), TimeUnit.SECONDS);
            double seconds = (System.nanoTime() - run.begun) / 1e9;
            long expected = run.done.get() * (nodes.size() - 1);
            // What the last ones set off; two renewals of an app in a row may be one adoption.
            Await.holds(Duration.ofSeconds(2), () -> adoptions.sum() - adoptedBefore >= expected);
            return new Renewals(
                    run.done.get() / seconds,
                    (double) (adoptions.sum() - adoptedBefore) / run.done.get(),
                    counts().since(before),
                    Samples.of(Arrays.copyOf(run.took, (int) run.done.get())));
        }

        private void step(Run run, CompletableFuture<Void> line) {
            long number = next.getAndIncrement();
            List<TokenSource> ofNode = sources.get((int) (number % sources.size()));
            TokenSource source = ofNode.get((int) (number % ofNode.size()));
            long begun = System.nanoTime();
            CompletableFuture<Token> _ =
                    source.renewAsync(WAIT)
                            .whenCompleteAsync(
                                    (token, failure) -> {
                                        if (failure != null) {
                                            line.completeExceptionally(failure);
                                        } else if (run.isOver(System.nanoTime() - begun)) {
                                            line.complete(null);
                                        } else {
                                            step(run, line);
                                        }
                                    },
                                    drivers);
        }

        private CountingStore.Counts counts() {
            return stores.stream()
                    .map(CountingStore::counts)
                    .reduce(new CountingStore.Counts(0, 0, 0, 0, 0), CountingStore.Counts::plus);
        }

        @Override
        public void close() {
            nodes.forEach(Node::close);
            drivers.shutdownNow();
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

        /** Notes one renewal, and says whether it was the last of its line. */
        boolean isOver(long nanos) {
            took[(int) done.getAndIncrement()] = nanos;
            return System.nanoTime() - begun > length || done.get() == MOST;
        }
    }

    private record Adoptions(LongAdder count) implements Observer {
        @Override
        public void adopted(AppId app, Token token) {
            count.increment();
        }
    }
}
