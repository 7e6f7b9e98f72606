package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.evergrant.Secret;
import org.evergrant.broker.config.LegacyJwt;
import org.junit.jupiter.api.Test;

final class LegacyTokensTest {
    private static final String SECRET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final Instant NOW = Instant.parse("2026-11-28T00:00:00Z");

    private final LegacyTokens tokens =
            new LegacyTokens(new LegacyJwt("api-key", Secret.of(SECRET)), "zoom", () -> NOW);

    @Test
    void tokenOfTheKeyIsItsCredential() throws JOSEException {
        Identity identity = tokens.check(signed(header(), claims(60), SECRET));

        assertThat(identity).isEqualTo(new Identity("jwt:api-key", Set.of("zoom")));
        JWSHeader untyped = new JWSHeader(JWSAlgorithm.HS256);
        assertThat(tokens.check(signed(untyped, claims(60), SECRET))).isNotNull();
    }

    @Test
    void clockOfTheCallerMayBeALittleWrong() throws JOSEException {
        assertThat(tokens.check(signed(header(), claims(-29), SECRET))).isNotNull();
        assertThat(tokens.check(signed(header(), claims(-30), SECRET))).isNull();
        JWTClaimsSet early = new JWTClaimsSet.Builder(claims(60)).notBeforeTime(at(29)).build();
        JWTClaimsSet tooEarly = new JWTClaimsSet.Builder(claims(60)).notBeforeTime(at(31)).build();
        assertThat(tokens.check(signed(header(), early, SECRET))).isNotNull();
        assertThat(tokens.check(signed(header(), tooEarly, SECRET))).isNull();
    }

    @Test
    void anotherIssuerSecretOrNoExpiryIsRefused() throws JOSEException {
        JWTClaimsSet other = new JWTClaimsSet.Builder(claims(60)).issuer("other").build();
        JWTClaimsSet nobody = new JWTClaimsSet.Builder(claims(60)).issuer(null).build();
        JWTClaimsSet endless = new JWTClaimsSet.Builder(claims(60)).expirationTime(null).build();

        assertThat(tokens.check(signed(header(), other, SECRET))).isNull();
        assertThat(tokens.check(signed(header(), nobody, SECRET))).isNull();
        assertThat(tokens.check(signed(header(), endless, SECRET))).isNull();
        assertThat(tokens.check(signed(header(), claims(60), SECRET + "x"))).isNull();
    }

    @Test
    void algorithmIsNotTheTokensToChoose() throws JOSEException, GeneralSecurityException {
        String longSecret = SECRET + SECRET + SECRET;
        LegacyTokens strong =
                new LegacyTokens(
                        new LegacyJwt("api-key", Secret.of(longSecret)), "zoom", () -> NOW);
        for (JWSAlgorithm other : Set.of(JWSAlgorithm.HS384, JWSAlgorithm.HS512)) {
            assertThat(strong.check(signed(new JWSHeader(other), claims(60), longSecret))).isNull();
        }
        assertThat(tokens.check(new PlainJWT(claims(60)).serialize())).isNull();
        for (String other : List.of("RS256", "none", "hs256", "HS256 ")) {
            String input =
                    base64("{\"alg\":\"" + other + "\"}") + "." + base64(claims(60).toString());
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] signature = mac.doFinal(input.getBytes(StandardCharsets.UTF_8));
            String token =
                    input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);

            assertThat(tokens.check(token)).as(other).isNull();
        }
    }

    @Test
    void signatureThatWasTamperedWithIsRefused() throws JOSEException {
        String good = signed(header(), claims(60), SECRET);
        String[] parts = good.split("\\.", -1);
        String none = base64("{\"alg\":\"none\"}");
        String longer = base64(claims(6000).toString());

        assertThat(tokens.check(none + "." + parts[1] + "." + parts[2])).isNull();
        assertThat(tokens.check(none + "." + parts[1] + ".")).isNull();
        assertThat(tokens.check(parts[0] + "." + longer + "." + parts[2])).isNull();
        assertThat(tokens.check(parts[0] + "." + parts[1] + ".")).isNull();
        assertThat(tokens.check(parts[0] + "." + parts[1])).isNull();
        assertThat(tokens.check(good + ".x")).isNull();
        assertThat(tokens.check("eyJ.eyJ.eyJ")).isNull();
        assertThat(tokens.check("eyJ" + "A".repeat(5000) + "." + parts[1] + "." + parts[2]))
                .isNull();
        assertThat(tokens.check("")).isNull();
    }

    @Test
    void headersWithObligationsAreRefused() throws JOSEException {
        JWSHeader critical = new JWSHeader.Builder(header()).criticalParams(Set.of("exp")).build();
        JWSHeader typed =
                new JWSHeader.Builder(header()).type(new JOSEObjectType("at+jwt")).build();
        JWSHeader nested = new JWSHeader.Builder(header()).contentType("JWT").build();

        assertThat(tokens.check(signed(critical, claims(60), SECRET))).isNull();
        assertThat(tokens.check(signed(typed, claims(60), SECRET))).isNull();
        assertThat(tokens.check(signed(nested, claims(60), SECRET))).isNull();
    }

    private static JWSHeader header() {
        return new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();
    }

    private static JWTClaimsSet claims(int secondsLeft) {
        return new JWTClaimsSet.Builder().issuer("api-key").expirationTime(at(secondsLeft)).build();
    }

    private static Date at(int secondsFromNow) {
        return Date.from(NOW.plusSeconds(secondsFromNow));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, String secret)
            throws JOSEException {
        SignedJWT jwt = new SignedJWT(header, claims);
        jwt.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
        return jwt.serialize();
    }
}
