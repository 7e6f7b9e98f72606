package org.evergrant;

import java.time.Duration;
import org.evergrant.spi.DurationText;

/**
 * What a mint does to the tokens minted before it.
 *
 * <p>Tokens are counted per index, newest first. A mint displaces every token of its index that
 * would stand at place {@code window} or later; a displaced token lives on for {@code grace}. Under
 * {@code stickiness} the provider answers with the token it has until that long before the token
 * expires.
 *
 * @param indexes how many values of {@code token_index} the provider keeps apart; 1 where it has
 *     none
 * @param window how many tokens of one index live at once; {@link #UNLIMITED} for all
 * @param grace how long a displaced token lives on; zero for not at all
 * @param stickiness how long before expiry a mint first returns a new token; zero for always
 */
public record Retention(int indexes, int window, Duration grace, Duration stickiness) {
    // First, because the constants below are checked against it.
    private static final Duration LONGEST = Duration.ofDays(365);

    /** The window of a provider whose mints kill nothing. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** A mint kills the previous token at once. */
    public static final Retention NEWEST_ONLY = new Retention(1, 1, Duration.ZERO, Duration.ZERO);

    /** A mint kills nothing. */
    public static final Retention KEEP_ALL =
            new Retention(1, UNLIMITED, Duration.ZERO, Duration.ZERO);

    /** The most indexes or tokens a retention can name. */
    public static final int MOST = 1000;

    private static final String FORMS =
            "newest-only, indexed:N, newest:N, grace:DURATION, keep-all or sticky:DURATION";

    /**
     * Refuses numbers and durations out of range, and mixtures that no provider is known to have.
     */
    public Retention {
        boolean plain = grace.isZero() && stickiness.isZero();
        boolean one = window == 1 && stickiness.isZero() && (indexes == 1 || grace.isZero());
        boolean some = indexes == 1 && window > 1 && window <= MOST && plain;
        boolean all = indexes == 1 && window == UNLIMITED && grace.isZero();
        boolean known = one || some || all;
        if (!known
                || indexes < 1
                || indexes > MOST
                || grace.isNegative()
                || grace.compareTo(LONGEST) > 0
                || stickiness.isNegative()
                || stickiness.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "retention with indexes "
                            + indexes
                            + ", window "
                            + window
                            + ", grace "
                            + grace
                            + ", stickiness "
                            + stickiness
                            + " (expected: "
                            + FORMS
                            + ")");
        }
    }

    /** A mint kills only the previous token of the same index; an index of {@code n} is refused. */
    public static Retention indexed(int n) {
        return new Retention(n, 1, Duration.ZERO, Duration.ZERO);
    }

    /** The {@code n} newest tokens live. */
    public static Retention newest(int n) {
        return new Retention(1, n, Duration.ZERO, Duration.ZERO);
    }

    /** The previous token lives on for {@code grace}. */
    public static Retention grace(Duration grace) {
        return new Retention(1, 1, grace, Duration.ZERO);
    }

    /** A mint returns the same token until {@code stickiness} before it expires, then a new one. */
    public static Retention sticky(Duration stickiness) {
        return new Retention(1, UNLIMITED, Duration.ZERO, stickiness);
    }

    /**
     * Returns the retention that {@code text} names: {@code newest-only}, {@code indexed:N}, {@code
     * newest:N}, {@code grace:DURATION}, {@code keep-all} or {@code sticky:DURATION}, with
     * durations such as {@code 250ms}, {@code 12s}, {@code 5m}, {@code 1h}.
     *
     * @throws IllegalArgumentException when the text is none of these
     */
    public static Retention parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        try {
            return switch (name) {
                case "newest-only" -> only(NEWEST_ONLY, colon, text);
                case "keep-all" -> only(KEEP_ALL, colon, text);
                case "indexed" -> indexed(number(value));
                case "newest" -> newest(number(value));
                case "grace" -> grace(positive(value));
                case "sticky" -> sticky(positive(value));
                default -> throw wrong(text);
            };
        } catch (IllegalArgumentException unreadable) {
            throw wrong(text);
        }
    }

    /** Returns whether a mint kills no token, now or later. */
    public boolean killsNothing() {
        return window == UNLIMITED;
    }

    /** Returns whether the provider hands out the token it has instead of a new one. */
    public boolean isSticky() {
        return !stickiness.isZero();
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        if (isSticky()) {
            return "sticky:" + DurationText.format(stickiness);
        }
        if (killsNothing()) {
            return "keep-all";
        }
        if (!grace.isZero()) {
            return "grace:" + DurationText.format(grace);
        }
        if (indexes > 1) {
            return "indexed:" + indexes;
        }
        return window > 1 ? "newest:" + window : "newest-only";
    }

    private static Retention only(Retention retention, int colon, String text) {
        if (colon >= 0) {
            throw wrong(text);
        }
        return retention;
    }

    private static int number(String value) {
        if (!value.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException("not a number from 1 to " + MOST);
        }
        return Integer.parseInt(value);
    }

    private static Duration positive(String value) {
        Duration duration = DurationText.parse(value);
        if (duration.isZero()) {
            throw new IllegalArgumentException("zero");
        }
        return duration;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "retention " + Quote.cut(text) + " (expected: " + FORMS + ")");
    }
}
