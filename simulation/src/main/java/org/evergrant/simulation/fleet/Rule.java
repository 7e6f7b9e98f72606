package org.evergrant.simulation.fleet;

import org.evergrant.spi.DurationText;

/**
 * What a provider does with the tokens before a new one. Written from what providers document and
 * not from our own rules, so that the two cannot share a mistake.
 *
 * @param count of indexes or of tokens, where the kind counts
 * @param span of the grace, or before the expiry, in nanoseconds
 */
record Rule(Kind kind, int count, long span) {

    /** The kinds of rules. */
    enum Kind {
        NEWEST_ONLY,
        INDEXED,
        NEWEST,
        GRACE,
        KEEP_ALL,
        STICKY
    }

    /** Reads the text that the configuration has. */
    static Rule parse(String text) {
        String[] parts = text.split(":", 2);
        String value = parts.length == 2 ? parts[1] : "";
        return switch (parts[0]) {
            case "newest-only" -> new Rule(Kind.NEWEST_ONLY, 1, 0);
            case "indexed" -> new Rule(Kind.INDEXED, Integer.parseInt(value), 0);
            case "newest" -> new Rule(Kind.NEWEST, Integer.parseInt(value), 0);
            case "grace" -> new Rule(Kind.GRACE, 1, DurationText.parse(value).toNanos());
            case "keep-all" -> new Rule(Kind.KEEP_ALL, 0, 0);
            case "sticky" -> new Rule(Kind.STICKY, 0, DurationText.parse(value).toNanos());
            default -> throw new IllegalArgumentException("rule " + text);
        };
    }

    /** Returns whether a mint leaves all earlier tokens alone. */
    boolean isHarmless() {
        return kind == Kind.KEEP_ALL || kind == Kind.STICKY;
    }

    /**
     * Returns when a token dies of a later mint; {@code Long.MAX_VALUE} when it does not.
     *
     * @param sameIndex whether the two are of one index
     * @param after how many were minted after the token, at any index, the later one among them
     */
    long deathOf(boolean sameIndex, int after, long mintedAt) {
        return switch (kind) {
            case NEWEST_ONLY -> mintedAt;
            case INDEXED -> sameIndex ? mintedAt : Long.MAX_VALUE;
            case NEWEST -> after >= count ? mintedAt : Long.MAX_VALUE;
            case GRACE -> mintedAt + span;
            case KEEP_ALL, STICKY -> Long.MAX_VALUE;
        };
    }
}
