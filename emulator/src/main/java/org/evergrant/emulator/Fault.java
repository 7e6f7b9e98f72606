package org.evergrant.emulator;

import java.util.Locale;

/** What can go wrong with a mint, on demand. */
public enum Fault {
    /** Mints, then cuts the connection without an answer. */
    LOSE_RESPONSE(true),
    /** Cuts the connection without minting. */
    DROP(false),
    /** Answers 500 without minting. */
    ERROR_500(false),
    /** Mints, then answers 500: what a gateway does that gave up waiting. */
    ERROR_500_MINTED(true),
    /** Answers 429 without minting, with {@code Retry-After} if one was asked for. */
    TOO_MANY(false),
    /** Mints at once, answers late. */
    SLOW(true),
    /** Mints, then answers 200 with broken JSON. */
    BAD_JSON(true),
    /** Mints, then answers without {@code expires_in}. */
    NO_EXPIRES_IN(true),
    /** Answers 200 with a web page, without minting: a gateway or a captive portal. */
    HTML(false),
    /** Answers 200 with nothing, without minting. */
    EMPTY(false),
    /** Mints, announces the whole answer, sends half of it and cuts the connection. */
    CUT_BODY(true),
    /** Takes the request, mints nothing, never answers. */
    STALL(false);

    private final boolean mints;

    Fault(boolean mints) {
        this.mints = mints;
    }

    /** Whether a mint that suffers it takes place all the same. */
    public boolean mints() {
        return mints;
    }

    /** Its name on the wire: {@code lose-response}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads a name such as {@code lose-response}.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Fault parse(String text) {
        StringBuilder known = new StringBuilder();
        for (Fault fault : values()) {
            if (fault.text().equals(text)) {
                return fault;
            }
            known.append(known.length() == 0 ? "" : ", ").append(fault.text());
        }
        throw new IllegalArgumentException(
                Durations.quoted(text) + " (expected: one of " + known + ")");
    }
}
