package org.evergrant.spi;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one written form of durations in configuration and on the command line. */
public final class DurationText {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final long MS_PER_SECOND = 1000;

    private DurationText() {}

    /**
     * Returns the duration that {@code text} names: a whole number and {@code ms}, {@code s},
     * {@code m}, {@code h} or {@code d}.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
            throw new IllegalArgumentException(
                    "duration '"
                            + shown.replaceAll("\\p{Cntrl}", "?")
                            + "' (expected: a whole number and a unit, like 250ms, 12s, 5m, 1h)");
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /**
     * Returns the shortest text that {@link #parse} reads back as {@code duration}, cut to whole
     * ms.
     */
    public static String format(Duration duration) {
        long ms = duration.toMillis();
        if (ms % MS_PER_SECOND != 0) {
            return ms + "ms";
        }
        long seconds = ms / MS_PER_SECOND;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes % 60 != 0) {
            return minutes + "m";
        }
        return minutes / 60 + "h";
    }
}
