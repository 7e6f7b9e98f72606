package org.evergrant.emulator;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * At most so many in any stretch of time so long.
 *
 * @param count how many, at least 1
 * @param window in how long, more than zero
 */
public record Quota(int count, Duration window) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,7})/(.+)");

    /** Checks that both are more than zero. */
    public Quota {
        if (count < 1 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException(
                    count + "/" + window + " (expected: both more than zero)");
        }
    }

    /** Reads {@code 10/10m}: ten in ten minutes. */
    public static Quota parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    Durations.quoted(text) + " (expected: a count and a duration such as 10/10m)");
        }
        return new Quota(Integer.parseInt(matcher.group(1)), Durations.parse(matcher.group(2)));
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        return count + "/" + Durations.format(window);
    }
}
