package org.evergrant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that must not be seen: a client secret or an access token. It prints as {@code ***} and
 * compares in a time that does not depend on where two values differ.
 */
public final class Secret {
    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** Returns a secret with this text. */
    public static Secret of(String text) {
        return new Secret(text);
    }

    /** Returns the text itself, for the wire and for nothing else. */
    public String reveal() {
        return text;
    }

    /** Returns whether the text has no characters. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(bytes(text), bytes(secret.text));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
