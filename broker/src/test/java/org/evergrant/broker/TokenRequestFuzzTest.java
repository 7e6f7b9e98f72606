package org.evergrant.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.evergrant.emulator.Emulator;
import org.jspecify.annotations.Nullable;

/**
 * Any query, {@code Authorization} header and form: the first line, the second and the rest of the
 * input.
 */
final class TokenRequestFuzzTest {
    private static final List<String> NAMES =
            List.of("grant_type", "client_id", "account_id", "resource", "min_life", "a", "");
    private static final Callers CALLERS =
            new Callers(Fixture.configuration(Fixture.zoom("http://127.0.0.1:1/").build()));

    @FuzzTest
    void everyRequestIsReadAsTheFormHasItOrRefused(byte[] input) {
        String[] parts = new String(input, ISO_8859_1).split("\n", 3);
        String query = parts[0];
        String header = parts.length > 1 ? parts[1] : "";
        String form = parts.length > 2 ? new String(parts[2].getBytes(ISO_8859_1), UTF_8) : "";

        Parameters parameters = parameters(query, form);
        Credentials basic = Credentials.basic(header);

        if (parameters != null) {
            for (String name : NAMES) {
                isWhatTheFormSays(parameters, name, query + "&" + form);
            }
        }
        if (basic != null) {
            proveOnlyTheRightOnes(basic);
        }
        comesThrough(header, form);
    }

    private static @Nullable Parameters parameters(String query, String form) {
        try {
            return Parameters.of(query, form);
        } catch (OauthError refused) {
            isAnAnswer(refused);
            return null;
        }
    }

    private static void isAnAnswer(OauthError refused) {
        assertThat(refused.kind()).isEqualTo(OauthError.Kind.INVALID_REQUEST);
        assertThat(refused.description()).hasSizeLessThan(120).matches("[ -~]+");
    }

    /** Reads the text a second time, in the plainest way. */
    private static void isWhatTheFormSays(Parameters parameters, String name, String text) {
        Set<String> values = new LinkedHashSet<>();
        for (String pair : text.split("&", -1)) {
            String[] sides = pair.split("=", 2);
            if (sides.length == 2 && decoded(sides[0]).equals(name)) {
                values.add(decoded(sides[1]));
            }
        }
        String read;
        try {
            read = parameters.get(name);
        } catch (OauthError contradicted) {
            isAnAnswer(contradicted);
            assertThat(values).hasSizeGreaterThan(1);
            return;
        }
        List<String> expected = new ArrayList<>(values);
        if (read == null) {
            assertThat(expected).isSubsetOf("");
        } else {
            assertThat(expected).containsExactly(read);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, UTF_8);
    }

    private static void proveOnlyTheRightOnes(Credentials sent) {
        assertThat(sent.name()).doesNotContain(":");
        assertThat(sent).hasToString("Credentials[***]");
        Identity identity = CALLERS.check(sent);
        Credentials decoded = sent.decoded();
        boolean right = isRight(sent) || (decoded != null && isRight(decoded));
        assertThat(identity != null).isEqualTo(right);
    }

    private static boolean isRight(Credentials sent) {
        return switch (sent.name()) {
            case "one" -> sent.secret().equals(Fixture.CANARY);
            case "all" -> sent.secret().equals("all-secret");
            case Emulator.DEMO_CLIENT -> sent.secret().equals(Emulator.DEMO_SECRET);
            default -> false;
        };
    }

    /** What was sent, after the decoding that makes a difference; raw if that cannot be done. */
    private static Credentials meant(String name, String secret) {
        Credentials read = Objects.requireNonNull(Credentials.basic(Fixture.basic(name, secret)));
        assertThat(read.name()).isEqualTo(name);
        assertThat(read.secret()).isEqualTo(secret);
        Credentials decoded = read.decoded();
        return decoded == null ? read : decoded;
    }

    /** Whatever a client encodes by the rules is what is read. */
    private static void comesThrough(String name, String secret) {
        String plain = name.replace(":", "");
        String form =
                "client_id="
                        + URLEncoder.encode(plain, UTF_8)
                        + "&client_secret="
                        + URLEncoder.encode(secret, UTF_8);
        Parameters read = Parameters.of(null, form);
        assertThat(read.get("client_id")).isEqualTo(plain.isEmpty() ? null : plain);
        assertThat(read.get("client_secret")).isEqualTo(secret.isEmpty() ? null : secret);

        assertThat(meant(plain, secret)).isNotNull();
        assertThat(meant(URLEncoder.encode(plain, UTF_8), URLEncoder.encode(secret, UTF_8)))
                .isEqualTo(Credentials.of(plain, secret));
    }
}
