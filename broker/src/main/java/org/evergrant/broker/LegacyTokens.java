package org.evergrant.broker;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import org.evergrant.broker.config.LegacyJwt;
import org.jspecify.annotations.Nullable;

/**
 * Checks the tokens that callers of Zoom's JWT apps signed themselves, until September 2023: HS256
 * under the API secret, {@code iss} the API key, {@code exp} in the future. Source: Zoom's
 * marketplace guide "JWT". Nothing else is accepted.
 */
final class LegacyTokens {
    /** Clocks of the machines that old callers run on. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    /** Real ones are below 300. */
    static final int LONGEST = 4096;

    private final String key;
    private final JWSVerifier verifier;
    private final InstantSource clock;
    private final Identity identity;

    /** Makes the check of one app. */
    LegacyTokens(LegacyJwt settings, String app, InstantSource clock) {
        this.key = settings.key();
        this.clock = clock;
        this.identity = new Identity("jwt:" + key, Set.of(app));
        try {
            this.verifier =
                    new MACVerifier(settings.secret().reveal().getBytes(StandardCharsets.UTF_8));
        } catch (JOSEException tooShort) {
            throw new IllegalArgumentException("legacy-jwt: a secret shorter than 32 bytes");
        }
    }

    /** Returns whether a bearer looks like such a token at all, from any key. */
    static boolean isLike(String bearer) {
        return bearer.startsWith("eyJ") && bearer.indexOf('.') > 0;
    }

    /** Returns whom the token is of; null if it is not right in every point. */
    @Nullable Identity check(String token) {
        if (token.length() > LONGEST || !isLike(token)) {
            return null;
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            return isPlain(jwt.getHeader())
                            && jwt.verify(verifier)
                            && isFresh(jwt.getJWTClaimsSet())
                    ? identity
                    : null;
        } catch (ParseException | JOSEException | IllegalArgumentException malformed) {
            return null;
        }
    }

    /** The algorithm is ours to choose, not the token's; it brings no key and no obligation. */
    private static boolean isPlain(JWSHeader header) {
        return JWSAlgorithm.HS256.equals(header.getAlgorithm())
                && (header.getType() == null || JOSEObjectType.JWT.equals(header.getType()))
                && header.getContentType() == null
                && header.getCriticalParams() == null
                && header.isBase64URLEncodePayload();
    }

    private boolean isFresh(@Nullable JWTClaimsSet claims) {
        if (claims == null || !key.equals(claims.getIssuer())) {
            return false;
        }
        Date expires = claims.getExpirationTime();
        Date from = claims.getNotBeforeTime();
        return expires != null
                && clock.instant().minus(SKEW).isBefore(expires.toInstant())
                && (from == null || !clock.instant().plus(SKEW).isBefore(from.toInstant()));
    }
}
