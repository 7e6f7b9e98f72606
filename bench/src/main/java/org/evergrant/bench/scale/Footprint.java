package org.evergrant.bench.scale;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.App;
import org.evergrant.MemoryStore;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.TokenSource;

/**
 * What an app takes of a node's heap. The record in the memory store is the node's own copy too, as
 * it is with any store.
 *
 * @param app bytes of its configured values
 * @param idle bytes besides, once its tokens were asked of the node and none was handed out
 * @param inUse bytes besides, with a token of 660 characters
 * @param threads of the node while all of its apps are in use
 */
record Footprint(long app, long idle, long inUse, int threads) {
    private static final Duration LIFE = Duration.ofHours(1);

    static Footprint of(int count) {
        long empty = Heap.used();
        List<App> apps = Apps.of(0, count, Retention.NEWEST_ONLY);
        long withApps = Heap.used();
        TimedMinter minter = new TimedMinter(TimedMinter.Later.REAL, Duration.ZERO, LIFE);
        try (Node node = Node.builder().store(MemoryStore.create()).minter(minter).build()) {
            List<TokenSource> sources = new ArrayList<>(count);
            apps.forEach(app -> sources.add(node.tokens(app)));
            long idle = Heap.used();
            sources.forEach(TokenSource::get);
            // Before the heap is looked at, for a thread that is idle ends.
            int threads = threadsNow();
            long inUse = Heap.used();
            return new Footprint(
                    (withApps - empty) / count,
                    (idle - withApps) / count,
                    (inUse - idle) / count,
                    threads);
        }
    }

    private static int threadsNow() {
        return (int)
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("evergrant-"))
                        .count();
    }
}
