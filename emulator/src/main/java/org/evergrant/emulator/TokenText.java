package org.evergrant.emulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes tokens that look like Zoom's: a JWT signed with HS512, some 650 characters, whose claims
 * have the short names of Zoom's version 7.
 *
 * <p>The signature is random. Nobody but the provider could check a real one either, and a client
 * that looks into the token at all is doing what it should not.
 */
final class TokenText {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int SIGNATURE_BYTES = 64;

    private static final String HEADER =
            encoded(
                    "{\"sv\":\"000001\",\"alg\":\"HS512\",\"v\":\"2.0\","
                            + "\"kid\":\"6d3c1c1e-5b0f-4a3a-9d2e-0f1e2d3c4b5a\"}");

    private TokenText() {}

    static String write(AppSettings app, int index, Instant mintedAt, Instant expiresAt) {
        byte[] random = new byte[SIGNATURE_BYTES + 32];
        ThreadLocalRandom.current().nextBytes(random);
        byte[] signature = new byte[SIGNATURE_BYTES];
        System.arraycopy(random, 0, signature, 0, SIGNATURE_BYTES);
        String ids = HexFormat.of().formatHex(random, SIGNATURE_BYTES, random.length);
        String claims =
                "{\"ver\":7,\"auid\":\""
                        + ids.substring(0, 32)
                        + "\",\"code\":\""
                        + ids.substring(8, 40)
                        + "\",\"iss\":\"zm:cid:"
                        + Json.escaped(app.clientId())
                        + "\",\"gno\":0,\"type\":3,\"tid\":"
                        + index
                        + ",\"aud\":\"https://oauth.zoom.us\",\"uid\":\""
                        + ids.substring(16, 38)
                        + "\",\"nbf\":"
                        + mintedAt.getEpochSecond()
                        + ",\"exp\":"
                        + expiresAt.getEpochSecond()
                        + ",\"iat\":"
                        + mintedAt.getEpochSecond()
                        + ",\"aid\":\""
                        + Json.escaped(app.accountId())
                        + "\",\"jti\":\""
                        + ids.substring(32, 64)
                        + "\"}";
        return HEADER + '.' + encoded(claims) + '.' + BASE64.encodeToString(signature);
    }

    private static String encoded(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
