package org.evergrant;

import java.time.Duration;
import java.time.Instant;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * The store's clock as one node knows it: read from the store now and then, carried on by the
 * node's own monotonic time in between. So the node's time of day, and jumps of it, play no part.
 */
final class SharedClock {
    private static final long TRUSTED_NANOS = Duration.ofSeconds(10).toNanos();

    /** What the store's clock said, and when on the monotonic one. */
    record Reading(Instant instant, long nanos) {}

    private final Store store;
    private final TimeSource time;
    private volatile @Nullable Reading reading;

    SharedClock(Store store, TimeSource time) {
        this.store = store;
        this.time = time;
    }

    /** Returns the instant on the store's clock; only the first call reads the store. */
    Instant now() {
        Reading last = reading;
        if (last == null) {
            last = read();
        }
        return last.instant.plusNanos(time.nanos() - last.nanos);
    }

    /** Reads the store's clock when the last reading is no longer trusted. */
    void refresh() {
        Reading last = reading;
        if (last == null || time.nanos() - last.nanos > TRUSTED_NANOS) {
            read();
        }
    }

    /** Reads the store's clock. It is taken to have answered in the middle of the call. */
    Reading read() {
        long before = time.nanos();
        Instant instant = store.now();
        Reading fresh = new Reading(instant, before + (time.nanos() - before) / 2);
        reading = fresh;
        return fresh;
    }
}
