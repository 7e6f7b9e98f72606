package org.evergrant.bench.scale;

import java.time.Duration;
import org.evergrant.AppId;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;

/** How long the store itself takes, asked by one thread. */
record RoundTrip(Samples read, Samples cas) {
    private static final int WARM_UP = 200;

    /**
     * Asks again and again.
     *
     * @param pause before each read. Without one the machine never goes idle, and a round trip is
     *     the shortest; with one it takes what it takes those who ask now and then.
     */
    static RoundTrip of(Store store, int times, Duration pause) throws InterruptedException {
        AppId app = AppId.of("round-trip");
        AppRecord record = AppRecord.EMPTY;
        long version = store.read(app).version();
        long[] reads = new long[times];
        long[] writes = new long[times];
        for (int i = -WARM_UP; i < times; i++) {
            if (i >= 0) {
                Thread.sleep(pause);
            }
            long begun = System.nanoTime();
            store.read(app);
            long between = System.nanoTime();
            if (!store.cas(app, version++, record)) {
                throw new IllegalStateException("somebody else writes " + app);
            }
            if (i >= 0) {
                reads[i] = between - begun;
                writes[i] = System.nanoTime() - between;
            }
        }
        return new RoundTrip(Samples.of(reads), Samples.of(writes));
    }
}
