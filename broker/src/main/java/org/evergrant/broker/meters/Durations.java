package org.evergrant.broker.meters;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How often something took how long. */
public final class Durations {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Seconds, up to and including. */
    private static final double[] BOUNDS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};

    private static final int LONGER = BOUNDS.length;
    private static final int SUM = BOUNDS.length + 1;

    /** One for each bound, one for what took longer, and the sum in nanoseconds. */
    public static final int PLACES = BOUNDS.length + 2;

    private final Counts counts;
    private final int first;

    /** Makes one that counts for itself. */
    public Durations() {
        this(new Counts(), 0);
    }

    /** Makes one that counts in {@code counts}, at {@link #PLACES} places from {@code first} on. */
    public Durations(Counts counts, int first) {
        this.counts = counts;
        this.first = first;
    }

    /** Counts one. */
    public void add(Duration took) {
        add(took.toNanos());
    }

    /** Counts one that took so many nanoseconds. */
    public void add(long nanos) {
        int bucket = 0;
        while (bucket < LONGER && nanos > BOUNDS[bucket] * NANOS_PER_SECOND) {
            bucket++;
        }
        counts.increment(first + bucket);
        counts.add(first + SUM, nanos);
    }

    /** Writes the samples of a histogram; the buckets count what is in those before them too. */
    public void write(Exposition out, String family, String app) {
        long count = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            count += count(i);
            out.sample(family + "_bucket", app, ",le=\"" + BOUNDS[i] + "\"", (double) count);
        }
        count += count(LONGER);
        out.sample(family + "_bucket", app, ",le=\"+Inf\"", (double) count);
        out.sample(family + "_count", app, "", (double) count);
        out.sample(family + "_sum", app, "", count(SUM) / NANOS_PER_SECOND);
    }

    private long count(int place) {
        return counts.get(first + place);
    }
}
