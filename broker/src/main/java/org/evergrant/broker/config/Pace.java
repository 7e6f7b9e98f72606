package org.evergrant.broker.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.evergrant.spi.DurationText;

/**
 * How fast calls are forwarded: so many in so long, evenly spread.
 *
 * @param calls at least 1
 * @param per longer than nothing
 */
public record Pace(int calls, Duration per) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,7})/([0-9]*)(ms|s|m|h)");
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * Returns the pace that {@code text} is: {@code 30/s}, {@code 100/10s}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Pace parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches() && !form.group(1).matches("0+")) {
            String count = form.group(2).isEmpty() ? "1" : form.group(2);
            Duration per = DurationText.parse(count + form.group(3));
            if (!per.isZero() && per.compareTo(LONGEST) <= 0) {
                return new Pace(Integer.parseInt(form.group(1)), per);
            }
        }
        throw new IllegalArgumentException(
                Shown.quoted(text)
                        + " (expected: CALLS/TIME like 30/s or 100/10s, at least 1 call, at most"
                        + " 1h)");
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return calls + "/" + DurationText.format(per);
    }
}
