package org.evergrant.simulation.fleet;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is counted in one fleet. */
final class Tally {
    /** More stories than this nobody reads. */
    private static final int MOST_STORIES = 3;

    /**
     * A rule that was broken first for one app.
     *
     * @param story the last lines about the app
     */
    record Breach(Broken rule, int app, String story) {}

    private final Map<Cause, Long> failures = new EnumMap<>(Cause.class);
    private final Map<Reason, Long> claims = new EnumMap<>(Reason.class);
    private final Map<Broken, Long> broken = new EnumMap<>(Broken.class);
    private final List<Breach> breaches = new ArrayList<>();
    private long calls;
    private long asks;
    private long refusals;
    private long mints;

    void claimed(Reason reason) {
        claims.merge(reason, 1L, Long::sum);
    }

    void minted() {
        mints++;
    }

    void asked() {
        asks++;
    }

    void refused() {
        refusals++;
    }

    /** Counts a call, and why it failed if it did. */
    void called(@Nullable Cause cause) {
        calls++;
        if (cause != null) {
            failures.merge(cause, 1L, Long::sum);
        }
    }

    void broken(Broken rule, int app, Supplier<String> story) {
        if (broken.merge(rule, 1L, Long::sum) == 1 && breaches.size() < MOST_STORIES) {
            breaches.add(new Breach(rule, app, story.get()));
        }
    }

    Map<Cause, Long> failures() {
        return failures;
    }

    Map<Reason, Long> claims() {
        return claims;
    }

    Map<Broken, Long> broken() {
        return broken;
    }

    List<Breach> breaches() {
        return breaches;
    }

    long calls() {
        return calls;
    }

    long asks() {
        return asks;
    }

    long refusals() {
        return refusals;
    }

    long mints() {
        return mints;
    }
}
