package org.evergrant.emulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A client's id and secret as they were sent.
 *
 * @param decoded what they are if the client followed RFC 6749 section 2.3.1, which has them
 *     form-encoded before the base64; null if that makes no difference
 */
record Credentials(String clientId, String secret, @Nullable Credentials decoded) {
    private static final String BASIC = "Basic ";

    /** From the Authorization header if it has them, else from the parameters. */
    static @Nullable Credentials from(@Nullable String authorization, Parameters parameters) {
        if (authorization != null
                && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return basic(authorization.substring(BASIC.length()).trim());
        }
        String clientId = parameters.first("client_id");
        String secret = parameters.first("client_secret");
        return clientId == null || secret == null ? null : new Credentials(clientId, secret, null);
    }

    /** Takes both alphabets, with padding or without: real clients use each of them. */
    private static @Nullable Credentials basic(String base64) {
        String pair;
        try {
            byte[] bytes = Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
            pair = new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return null;
        }
        String id = pair.substring(0, colon);
        String secret = pair.substring(colon + 1);
        return new Credentials(id, secret, decoded(id, secret));
    }

    private static @Nullable Credentials decoded(String id, String secret) {
        if (isPlain(id) && isPlain(secret)) {
            return null;
        }
        try {
            return new Credentials(Parameters.decoded(id), Parameters.decoded(secret), null);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isPlain(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credentials[" + Durations.quoted(clientId) + "]";
    }
}
