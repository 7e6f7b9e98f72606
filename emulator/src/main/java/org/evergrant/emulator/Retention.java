package org.evergrant.emulator;

import java.time.Duration;
import java.util.Objects;

/**
 * What a mint does to the tokens minted before it, for one app.
 *
 * @param rule the rule
 * @param count N of {@code indexed:N} and {@code newest:N}; 0 for the other rules
 * @param span D of {@code grace:D} and {@code sticky:D}; zero for the other rules
 */
public record Retention(Rule rule, int count, Duration span) {
    /** N can be no larger: a mint looks at each of the N tokens. */
    private static final int MAX_COUNT = 10_000;

    /** The rules, named as on the command line. */
    public enum Rule {
        /** A mint kills the previous token at once: Zoom until June 2023. */
        NEWEST_ONLY("newest-only"),
        /** A mint kills only the previous token of its own {@code token_index}. */
        INDEXED("indexed"),
        /** The N newest tokens live; a mint kills the oldest. */
        NEWEST("newest"),
        /** A mint leaves the previous token D more of life. */
        GRACE("grace"),
        /** A mint kills nothing: Zoom since June 2023. */
        KEEP_ALL("keep-all"),
        /**
         * A mint returns the token there is until D before it expires, then a new one beside it.
         */
        STICKY("sticky");

        private final String text;

        Rule(String text) {
            this.text = text;
        }
    }

    /** Checks that the rule has the number or the duration it needs, and no other. */
    public Retention {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(span, "span");
        boolean counted = rule == Rule.INDEXED || rule == Rule.NEWEST;
        boolean timed = rule == Rule.GRACE || rule == Rule.STICKY;
        if (counted ? count < 1 || count > MAX_COUNT : count != 0) {
            throw new IllegalArgumentException(
                    rule.text
                            + ": count "
                            + count
                            + (counted ? " (expected: 1 to " + MAX_COUNT + ")" : " (expected: 0)"));
        }
        if (timed ? span.isNegative() : !span.isZero()) {
            throw new IllegalArgumentException(
                    rule.text + ": span " + span + (timed ? " (expected: zero or more)" : ""));
        }
    }

    public static Retention newestOnly() {
        return new Retention(Rule.NEWEST_ONLY, 0, Duration.ZERO);
    }

    /** Indexes 0 to {@code count - 1} may be used; a higher one is refused. */
    public static Retention indexed(int count) {
        return new Retention(Rule.INDEXED, count, Duration.ZERO);
    }

    public static Retention newest(int count) {
        return new Retention(Rule.NEWEST, count, Duration.ZERO);
    }

    public static Retention grace(Duration span) {
        return new Retention(Rule.GRACE, 0, span);
    }

    public static Retention keepAll() {
        return new Retention(Rule.KEEP_ALL, 0, Duration.ZERO);
    }

    public static Retention sticky(Duration span) {
        return new Retention(Rule.STICKY, 0, span);
    }

    /**
     * Reads {@code newest-only}, {@code indexed:N}, {@code newest:N}, {@code grace:DURATION},
     * {@code keep-all} or {@code sticky:DURATION}; durations are {@code 250ms}, {@code 12s}, {@code
     * 5m}, {@code 1h}.
     *
     * @throws IllegalArgumentException with a message that says what was expected
     */
    public static Retention parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        try {
            return switch (name) {
                case "newest-only" -> colon < 0 ? newestOnly() : unknown(text);
                case "keep-all" -> colon < 0 ? keepAll() : unknown(text);
                case "indexed" -> indexed(Integer.parseInt(value));
                case "newest" -> newest(Integer.parseInt(value));
                case "grace" -> grace(span(text, value));
                case "sticky" -> sticky(span(text, value));
                default -> unknown(text);
            };
        } catch (NumberFormatException e) {
            return unknown(text);
        }
    }

    /**
     * Complains of the whole text: of what is after the colon alone nobody would know what it is.
     */
    private static Duration span(String text, String value) {
        try {
            return Durations.parse(value);
        } catch (IllegalArgumentException none) {
            throw wrong(text);
        }
    }

    private static Retention unknown(String text) {
        throw wrong(text);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                Durations.quoted(text)
                        + " (expected: newest-only, indexed:N, newest:N, grace:DURATION, keep-all"
                        + " or sticky:DURATION, with durations such as 250ms, 12s, 5m or 1h)");
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        return switch (rule) {
            case NEWEST_ONLY, KEEP_ALL -> rule.text;
            case INDEXED, NEWEST -> rule.text + ":" + count;
            case GRACE, STICKY -> rule.text + ":" + Durations.format(span);
        };
    }
}
