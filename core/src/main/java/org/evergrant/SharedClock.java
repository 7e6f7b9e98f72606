package org.evergrant;

import java.time.Duration;
import java.time.Instant;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;

/**
 * The store's clock as one node knows it: read from the store now and then, carried on by the
 * node's own monotonic time in between. So the node's time of day, and jumps of it, play no part.
 */
final class SharedClock {
    private static final long TRUSTED_NANOS = Duration.ofSeconds(10).toNanos();

    private record Reading(Instant instant, long nanos) {}

    private final Store store;
    private final TimeSource time;
    private volatile Reading reading = new Reading(Instant.EPOCH, Long.MIN_VALUE / 2);

    SharedClock(Store store, TimeSource time) {
        this.store = store;
        this.time = time;
    }

    /** Returns the instant on the store's clock; no store access. */
    Instant now() {
        Reading last = reading;
        return last.instant.plusNanos(time.nanos() - last.nanos);
    }

    /** Reads the store's clock when the last reading is no longer trusted. */
    void refresh() {
        if (time.nanos() - reading.nanos > TRUSTED_NANOS) {
            read();
        }
    }

    /** Reads the store's clock. It is taken to have answered in the middle of the call. */
    void read() {
        long before = time.nanos();
        Instant instant = store.now();
        reading = new Reading(instant, before + (time.nanos() - before) / 2);
    }
}
