package org.evergrant.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long calls took: counts in buckets that are a thirty-second of their value wide, so a
 * percentile is right to about 3 %, and the longest exactly. Any thread may add.
 */
final class DemoLatencies {
    private static final int SUB_BITS = 5;
    private static final int SUBS = 1 << SUB_BITS;

    /** Microseconds up to 2^36 have a bucket: 19 hours, longer than any demo. */
    private static final int TOP_BIT = 36;

    private static final int BUCKETS = (TOP_BIT - SUB_BITS + 1) * SUBS;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final AtomicLong longestMicros = new AtomicLong();

    void add(Duration took) {
        long micros = Math.clamp(took.toNanos() / 1000, 0, (1L << TOP_BIT) - 1);
        counts.incrementAndGet(bucket(micros));
        longestMicros.accumulateAndGet(micros, Math::max);
    }

    void addAll(DemoLatencies other) {
        for (int i = 0; i < BUCKETS; i++) {
            counts.addAndGet(i, other.counts.get(i));
        }
        longestMicros.accumulateAndGet(other.longestMicros.get(), Math::max);
    }

    double maxMs() {
        return longestMicros.get() / 1000.0;
    }

    /** Returns what that share of the calls did not exceed; 0 where there were none. */
    double percentileMs(double share) {
        long total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            total += counts.get(i);
        }
        long wanted = (long) Math.ceil(share * total);
        long seen = 0;
        for (int i = 0; i < BUCKETS && wanted > 0; i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return Math.min(highest(i), longestMicros.get()) / 1000.0;
            }
        }
        return 0;
    }

    /**
     * Returns what {@link #ofText} reads: the longest, then {@code bucket:count} of each in use.
     */
    String toText() {
        StringBuilder text = new StringBuilder().append(longestMicros.get());
        for (int i = 0; i < BUCKETS; i++) {
            if (counts.get(i) > 0) {
                text.append(' ').append(i).append(':').append(counts.get(i));
            }
        }
        return text.toString();
    }

    /**
     * Reads what {@link #toText} wrote.
     *
     * @throws IllegalArgumentException when the text is something else
     */
    static DemoLatencies ofText(String text) {
        DemoLatencies read = new DemoLatencies();
        String[] parts = text.split(" ", -1);
        read.longestMicros.set(Long.parseLong(parts[0]));
        for (int i = 1; i < parts.length; i++) {
            int colon = parts[i].indexOf(':');
            int bucket = colon < 0 ? -1 : Integer.parseInt(parts[i].substring(0, colon));
            if (bucket < 0 || bucket >= BUCKETS) {
                throw new IllegalArgumentException("no bucket: " + parts[i]);
            }
            read.counts.set(bucket, Long.parseLong(parts[i].substring(colon + 1)));
        }
        return read;
    }

    /** The first two times SUBS microseconds have a bucket each; above, SUBS share a power of 2. */
    private static int bucket(long micros) {
        if (micros < SUBS) {
            return (int) micros;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
        return (shift + 1) * SUBS + (int) (micros >> shift) - SUBS;
    }

    /** The highest value of a bucket. */
    private static long highest(int bucket) {
        if (bucket < SUBS) {
            return bucket;
        }
        int shift = bucket / SUBS - 1;
        return ((long) (bucket % SUBS + SUBS + 1) << shift) - 1;
    }
}
