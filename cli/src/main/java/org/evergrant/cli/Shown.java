package org.evergrant.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Times as people read them. */
final class Shown {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private Shown() {}

    /** Returns the instant in the machine's own zone. */
    static String instant(Instant instant) {
        return LOCAL.format(instant.atZone(ZoneId.systemDefault()));
    }

    /** Returns {@code in 41 min} or {@code 3 s ago}. */
    static String relative(Instant instant, Instant now) {
        Duration distance = Duration.between(now, instant);
        return distance.isNegative()
                ? length(distance.negated()) + " ago"
                : "in " + length(distance);
    }

    /** Returns the length in its largest two units. */
    static String length(Duration length) {
        long seconds = length.toSeconds();
        if (seconds == 0) {
            return length.toMillis() + " ms";
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + rest(seconds % 60, "s");
        }
        return seconds / 3600 + " h" + rest(seconds % 3600 / 60, "min");
    }

    private static String rest(long count, String unit) {
        return count == 0 ? "" : " " + count + " " + unit;
    }
}
