package org.evergrant.broker;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A name and a secret as they were sent.
 *
 * @param decoded what they are if the client followed RFC 6749 section 2.3.1, which has both
 *     form-encoded before the base64; null where that makes no difference
 */
record Credentials(String name, String secret, @Nullable Credentials decoded) {
    private static final String BASIC = "Basic ";

    static Credentials of(String name, String secret) {
        return new Credentials(name, secret, null);
    }

    /**
     * Returns what the header says; null when it is no {@code Basic} header that can be read. Both
     * base64 alphabets are taken, with padding or without: real clients send each of them.
     */
    static @Nullable Credentials basic(String header) {
        if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        String base64 = header.substring(BASIC.length()).strip();
        String pair;
        try {
            byte[] bytes = Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
            pair = new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return null;
        }
        String name = pair.substring(0, colon);
        String secret = pair.substring(colon + 1);
        return new Credentials(name, secret, decoded(name, secret));
    }

    private static @Nullable Credentials decoded(String name, String secret) {
        if (Parameters.isPlain(name) && Parameters.isPlain(secret)) {
            return null;
        }
        try {
            return of(Parameters.decoded(name), Parameters.decoded(secret));
        } catch (IllegalArgumentException notEncoded) {
            return null;
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credentials[***]";
    }
}
