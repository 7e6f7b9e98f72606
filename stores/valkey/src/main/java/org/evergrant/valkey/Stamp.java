package org.evergrant.valkey;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Which write of a record one has read: its version, and a random number that no other write has.
 *
 * <p>A version alone can name two writes. The server that acknowledged version 8 dies before a
 * replica has it, the replica takes over with version 7, and another node writes another version 8.
 * A compare-and-set on the number would then take the second for the first.
 */
record Stamp(long version, String mark) {
    /** There is no record. */
    static final Stamp NONE = new Stamp(0, "");

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Twelve in a mark: a store's own, and a write's. */
    private static final int RANDOM_BYTES = 6;

    /** Returns what the marks of a store begin with. */
    static String writer() {
        return random();
    }

    /** Returns the stamp of a write, by this store, that follows the one of {@code version}. */
    static Stamp after(long version, String writer) {
        return new Stamp(version + 1, writer + random());
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns whether the store with these marks wrote it. */
    boolean isOf(String writer) {
        return mark.startsWith(writer);
    }

    byte[] versionBytes() {
        return ascii(Long.toString(version));
    }

    byte[] markBytes() {
        return ascii(mark);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }
}
