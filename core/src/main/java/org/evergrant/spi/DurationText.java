package org.evergrant.spi;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one written form of durations in configuration and on the command line. */
public final class DurationText {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,13})(ms|s|m|h|d)");

    /** What could steer a terminal that shows the message, or cannot be written at all. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    /** A hundred years; in milliseconds as many digits as the form has. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private static final long MS_PER_SECOND = 1000;

    private DurationText() {}

    /**
     * Returns the duration that {@code text} names: a whole number and {@code ms}, {@code s},
     * {@code m}, {@code h} or {@code d}, up to a hundred years.
     *
     * @throws IllegalArgumentException when the text has another form or names a longer one
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw wrong(text, "a whole number and a unit, like 250ms, 12s, 5m, 1h");
        }
        long number = Long.parseLong(form.group(1));
        Duration duration =
                switch (form.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                };
        if (duration.compareTo(LONGEST) > 0) {
            throw wrong(text, "at most " + LONGEST.toDays() + "d");
        }
        return duration;
    }

    private static IllegalArgumentException wrong(String text, String expected) {
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return new IllegalArgumentException(
                "duration '"
                        + UNFIT.matcher(shown).replaceAll("?")
                        + "' (expected: "
                        + expected
                        + ")");
    }

    /**
     * Returns the text with the fewest digits that {@link #parse} reads back as {@code duration},
     * cut to whole ms; days are written as hours.
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
