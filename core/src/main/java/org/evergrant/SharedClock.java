package org.evergrant;

import java.time.Duration;
import java.time.Instant;
import org.evergrant.spi.DurationText;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * The store's clock as one node knows it: read from the store now and then, carried on by the
 * node's own monotonic time in between. So the node's time of day, and jumps of it, play no part.
 *
 * <p>A monotonic clock may be slow, and a promise must not last longer for that: it is carried on a
 * little faster than it ticks.
 */
final class SharedClock {
    private static final long TRUSTED_NANOS = Duration.ofSeconds(10).toNanos();

    /** A clock that is slow by 500 millionths loses 50 µs in it. */
    private static final long MOMENT_NANOS = Duration.ofMillis(100).toNanos();

    /**
     * By this part of what it counts a monotonic clock is slow at most. 500 millionths is the most
     * by which NTP daemons slew one.
     */
    private static final int SLOW_PART = 2_000;

    /**
     * A reading is off by at most half of the time it took. One that took longer, because the node
     * stood still meanwhile or the store is slow, is of no use: the settle has to cover the error.
     */
    private static final long LONGEST_READING_NANOS = Duration.ofMillis(400).toNanos();

    /** A node that stood still once is not likely to do so again at once. */
    private static final int MOST_READINGS = 3;

    /**
     * What the store's clock said, and when on the monotonic one.
     *
     * @param error by how much it may have been earlier or later
     */
    private record Reading(Instant instant, long nanos, long error) {}

    private final Store store;
    private final TimeSource time;
    private volatile @Nullable Reading reading;

    SharedClock(Store store, TimeSource time) {
        this.store = store;
        this.time = time;
    }

    /**
     * Returns the instant on the store's clock, or one a little later the longer ago it was read;
     * only the first call reads the store.
     */
    Instant now() {
        Reading last = last();
        long passed = time.nanos() - last.nanos;
        return last.instant.plusNanos(passed + passed / SLOW_PART);
    }

    /**
     * Returns an instant that is surely over on the store's clock, and else as late as possible.
     */
    Instant surely() {
        Reading last = last();
        long passed = time.nanos() - last.nanos;
        return last.instant.plusNanos(passed - passed / SLOW_PART - last.error);
    }

    /**
     * Returns an instant that surely is still to come on the store's clock, or just there, and else
     * as early as possible.
     */
    Instant atLatest() {
        Reading last = last();
        long passed = time.nanos() - last.nanos;
        return last.instant.plusNanos(passed + passed / SLOW_PART + last.error);
    }

    /** Returns what the monotonic clock counts in {@code span}, or a little less if it is slow. */
    static long counted(Duration span) {
        long nanos = span.toNanos();
        return nanos - nanos / SLOW_PART;
    }

    /** Returns whether the store's clock was ever read, so that {@link #now} does not block. */
    boolean isKnown() {
        return reading != null;
    }

    /** Reads the store's clock when the last reading is no longer trusted. */
    void refresh() {
        Reading last = reading;
        if (last == null || time.nanos() - last.nanos > TRUSTED_NANOS) {
            read();
        }
    }

    /**
     * Reads the store's clock, unless that was done a moment ago: a node that renews many apps at
     * once need not ask for each what time it is.
     */
    void readAgain() {
        Reading last = reading;
        if (last == null || time.nanos() - last.nanos > MOMENT_NANOS) {
            read();
        }
    }

    private Reading last() {
        Reading last = reading;
        return last == null ? read() : last;
    }

    /** Reads the store's clock. It is taken to have answered in the middle of the call. */
    private Reading read() {
        for (int readings = 0; readings < MOST_READINGS; readings++) {
            long before = time.nanos();
            Instant instant = store.now();
            long took = time.nanos() - before;
            if (took <= LONGEST_READING_NANOS) {
                Reading fresh = new Reading(instant, before + took / 2, took / 2);
                reading = fresh;
                return fresh;
            }
        }
        throw new StoreException(
                "the store takes longer than "
                        + DurationText.format(Duration.ofNanos(LONGEST_READING_NANOS))
                        + " to say what time it is");
    }
}
