package org.evergrant.bench.scale;

import org.evergrant.AppId;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;

/** How long the store itself takes, asked by one thread. */
record RoundTrip(Samples read, Samples cas) {
    private static final int WARM_UP = 200;

    static RoundTrip of(Store store, int times) {
        AppId app = AppId.of("round-trip");
        AppRecord record = AppRecord.EMPTY;
        long version = store.read(app).version();
        long[] reads = new long[times];
        long[] writes = new long[times];
        for (int i = -WARM_UP; i < times; i++) {
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
