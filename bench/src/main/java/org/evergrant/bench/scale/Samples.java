package org.evergrant.bench.scale;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Durations in nanoseconds, sorted. */
final class Samples {
    private static final double NANOS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final long[] sorted;

    private Samples(long[] sorted) {
        this.sorted = sorted;
    }

    static Samples of(long... nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("no samples");
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    /** Returns the milliseconds within which this part of all lies. */
    double ms(double part) {
        int rank = (int) Math.ceil(part * sorted.length) - 1;
        return sorted[Math.max(0, rank)] / NANOS_PER_MS;
    }

    int count() {
        return sorted.length;
    }
}
