package org.evergrant.trials;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the callers of one process saw.
 *
 * @param calls API calls made
 * @param refused API calls answered 401 although they were answered before the promise and its
 *     settle were over: ours to lose
 * @param overslept API calls answered 401 after that, because the machine was too busy to send them
 * @param tokenless asks that ended in an error
 * @param longestWaitMs the longest that one ask for a token took, once the process was warm
 */
record Tally(long calls, long refused, long overslept, long tokenless, long longestWaitMs) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0);

    Tally plus(Tally other) {
        return new Tally(
                calls + other.calls,
                refused + other.refused,
                overslept + other.overslept,
                tokenless + other.tokenless,
                Math.max(longestWaitMs, other.longestWaitMs));
    }

    String toLine() {
        return "tally calls="
                + calls
                + " refused="
                + refused
                + " overslept="
                + overslept
                + " tokenless="
                + tokenless
                + " longest="
                + longestWaitMs;
    }

    static Tally ofLine(String line) {
        Map<String, Long> fields = new TreeMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                fields.put(word.substring(0, equals), Long.valueOf(word.substring(equals + 1)));
            }
        }
        return new Tally(
                fields.getOrDefault("calls", 0L),
                fields.getOrDefault("refused", 0L),
                fields.getOrDefault("overslept", 0L),
                fields.getOrDefault("tokenless", 0L),
                fields.getOrDefault("longest", 0L));
    }
}
