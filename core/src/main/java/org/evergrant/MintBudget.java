package org.evergrant;

import java.time.Duration;
import org.evergrant.spi.DurationText;

/**
 * At most {@code mints} mints in any stretch of {@code window}, from all nodes together.
 *
 * @param mints 1 to 1,000
 * @param window one second to 31 days
 */
public record MintBudget(int mints, Duration window) {
    private static final int MOST = 1000;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(31);

    /** Refuses values out of range with an {@link IllegalArgumentException}. */
    public MintBudget {
        if (mints < 1
                || mints > MOST
                || window.compareTo(SHORTEST) < 0
                || window.compareTo(LONGEST) > 0) {
            throw wrong(mints + "/" + window);
        }
    }

    /**
     * Returns the budget that {@code text} names, such as {@code 10/10m} for ten mints in ten
     * minutes.
     *
     * @throws IllegalArgumentException when the text has another form or a value is out of range
     */
    public static MintBudget parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || !text.substring(0, slash).matches("[0-9]{1,4}")) {
            throw wrong(text);
        }
        Duration window;
        try {
            window = DurationText.parse(text.substring(slash + 1));
        } catch (IllegalArgumentException unreadable) {
            throw wrong(text);
        }
        return new MintBudget(Integer.parseInt(text.substring(0, slash)), window);
    }

    /**
     * Returns how many mints in the window are kept for planned renewals: a fifth, at least one
     * where the budget has two or more.
     */
    public int reserve() {
        return mints == 1 ? 0 : Math.max(1, mints / 5);
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return mints + "/" + DurationText.format(window);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "mint budget "
                        + Quote.cut(text)
                        + " (expected: MINTS/DURATION like 10/10m, with 1 to 1000 mints in 1s to"
                        + " 31d)");
    }
}
