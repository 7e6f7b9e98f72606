package org.evergrant.bench.scale;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.MemoryStore;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.testkit.CountingStore;
import org.evergrant.testkit.FakeTime;

/**
 * Nodes on one store in a world whose hours pass in seconds, all on one thread. Every node asks for
 * every app; each mint takes 200 ms and each token lives an hour, as Zoom's do.
 */
final class VirtualFleet implements AutoCloseable {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration LATENCY = Duration.ofMillis(200);

    private final FakeTime time = FakeTime.create();
    private final TimedMinter provider = new TimedMinter(time::after, LATENCY, LIFE);
    private final List<CountingStore> stores = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<TokenSource> sources = new ArrayList<>();
    private final int apps;

    /**
     * What some hours cost, all nodes together.
     *
     * @param asks of callers
     * @param mints sent to the provider
     * @param store what was asked of the store
     */
    record Cost(long asks, long mints, CountingStore.Counts store) {}

    VirtualFleet(int nodeCount, int appCount, Retention retention) {
        apps = appCount;
        MemoryStore records = MemoryStore.create(time);
        List<App> all = Apps.of(0, appCount, retention);
        for (int i = 0; i < nodeCount; i++) {
            CountingStore store = new CountingStore(records.another());
            // Each node has a clock of its own: one that ends takes its timers with it.
            Node node =
                    Node.builder()
                            .store(store)
                            .minter(provider)
                            .executor(Runnable::run)
                            .time(time.another(1))
                            .build();
            stores.add(store);
            nodes.add(node);
            all.forEach(app -> sources.add(node.tokens(app)));
        }
    }

    /** Lets {@code callers} on each node ask for each app, once every {@code pause}. */
    Cost run(Duration hours, int callers, Duration pause) {
        CountingStore.Counts before = counts();
        long mintsBefore = provider.mints();
        long steps = hours.dividedBy(pause);
        for (long step = 0; step < steps; step++) {
            for (TokenSource source : sources) {
                for (int caller = 0; caller < callers; caller++) {
                    CompletableFuture<Token> _ = source.getAsync();
                }
            }
            time.advance(pause);
        }
        return new Cost(
                steps * sources.size() * callers,
                provider.mints() - mintsBefore,
                counts().since(before));
    }

    int apps() {
        return apps;
    }

    /** Returns how many timers wait, on all nodes. */
    int timers() {
        return time.timers();
    }

    private CountingStore.Counts counts() {
        return stores.stream()
                .map(CountingStore::counts)
                .reduce(new CountingStore.Counts(0, 0, 0, 0, 0), CountingStore.Counts::plus);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }
}
