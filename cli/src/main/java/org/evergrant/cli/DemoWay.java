package org.evergrant.cli;

import java.util.Locale;

/** A way of calling an API that wants a token, in the order in which the demo shows them. */
enum DemoWay {
    /** A token is minted for every call. */
    PER_CALL,
    /** A process keeps its token until {@code expires_in} is over. */
    CACHED,
    /** The broker is asked before every call. */
    EVERGRANT;

    /** Returns {@code per-call}, {@code cached} or {@code evergrant}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the way of that word.
     *
     * @throws IllegalArgumentException when there is none
     */
    static DemoWay of(String word) {
        for (DemoWay way : values()) {
            if (way.word().equals(word)) {
                return way;
            }
        }
        throw new IllegalArgumentException("no way of calling: " + word);
    }
}
