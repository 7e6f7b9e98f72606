package org.evergrant.emulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any request to the stand-in provider, below its HTTP. The first line of the input is the query,
 * the second the {@code Authorization} header, the rest is the body: of a token request, of a new
 * app, of a change of one, and of an order for faults.
 */
final class RequestFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-24T06:00:00Z");
    private static final AppSettings MODEL = new AppSettings("model", "model", "model");
    private static final String SECRET = "canary-secret-5f2a";

    /** An unknown field's complaint lists all fields, and there may be a few of them. */
    private static final int LONGEST_COMPLAINT = 64 * 1024;

    @FuzzTest
    void everyRequestIsAnsweredAndNoneBreaksAnApp(byte[] input) {
        String[] parts = new String(input, ISO_8859_1).split("\n", 3);
        byte[] body = parts.length > 2 ? parts[2].getBytes(ISO_8859_1) : new byte[0];
        Provider provider = new Provider(List.of(new AppSettings("account", "client", SECRET)));

        mint(provider, parts[0], parts.length > 1 ? parts[1] : "", new String(body, UTF_8));
        Map<String, Object> fields = fields(body);
        if (fields != null) {
            add(provider, fields);
            change(provider, fields);
            order(provider, fields);
        }

        if (fields == null || isSecretOnlyWhereItBelongs(fields)) {
            String state = Json.write(json -> StateJson.write(json, provider.state(NOW)));
            assertThat(state).doesNotContain(SECRET);
        }
    }

    private static void mint(Provider provider, String query, String header, String body) {
        Parameters parameters;
        try {
            parameters = Parameters.of(query, body);
        } catch (IllegalArgumentException malformed) {
            assertThat(query + body).contains("%");
            return;
        }
        Credentials credentials = Credentials.from(header, parameters);
        Admission admission =
                provider.admit(
                        new TokenRequest(
                                credentials,
                                parameters.first("grant_type"),
                                parameters.first("account_id"),
                                parameters.first("token_index")));
        boolean known = provider.authenticate(credentials) != null;
        assertThat(admission == Refusal.INVALID_CLIENT).isEqualTo(!known);
        if (admission instanceof Admission.Granted granted) {
            MintOutcome outcome = granted.app().mint(granted.index(), MintRecord.By.CLIENT, NOW);
            assertThat(outcome).isInstanceOf(MintOutcome.Minted.class);
        } else {
            assertThat(((Refusal) admission).json()).matches("\\{.*}");
        }
        if (credentials != null) {
            assertThat(credentials.toString()).hasSizeLessThan(100);
            // Sent as a name, it is shown as one.
            if (!credentials.clientId().contains(SECRET)) {
                assertThat(credentials.toString()).doesNotContain(SECRET);
            }
        }
    }

    private static @Nullable Map<String, Object> fields(byte[] body) {
        try {
            Map<String, Object> fields = Json.readFlat(body);
            assertThat(fields.values()).allMatch(RequestFuzzTest::isPlain);
            return fields;
        } catch (IllegalArgumentException refused) {
            assertThat(refused).message().isNotEmpty().hasSizeLessThan(LONGEST_COMPLAINT);
            return null;
        }
    }

    private static boolean isPlain(Object value) {
        return value instanceof String
                || value instanceof Long
                || value instanceof Boolean
                || value == Json.Null.NULL;
    }

    private static void add(Provider provider, Map<String, Object> fields) {
        try {
            ProviderApp app = provider.add(AppFields.create(MODEL, fields));
            whatIsShownCanBeSentBack(app.settings());
            assertThat(app.clientId()).isEqualTo(fields.get("client_id"));
        } catch (IllegalArgumentException refused) {
            isSaid(refused, fields);
            assertThat(provider.apps()).hasSize(1);
        }
    }

    private static void change(Provider provider, Map<String, Object> fields) {
        ProviderApp app = provider.apps().get(0);
        String before = Json.write(json -> AppFields.write(json, app.settings()));
        Complaints complaints = new Complaints();
        try {
            provider.configure(
                    app,
                    settings -> {
                        AppFields.apply(settings, fields, complaints);
                        complaints.throwIfAny();
                    },
                    NOW);
            whatIsShownCanBeSentBack(app.settings());
        } catch (IllegalArgumentException refused) {
            isSaid(refused, fields);
            assertThat(Json.write(json -> AppFields.write(json, app.settings()))).isEqualTo(before);
        }
    }

    /** Settings that were accepted are shown as fields that make the same settings. */
    private static void whatIsShownCanBeSentBack(AppSettings settings) {
        String shown = Json.write(json -> AppFields.write(json, settings));
        Complaints complaints = new Complaints();
        AppSettings again = MODEL.forApp(settings.accountId(), settings.clientId(), SECRET);

        AppFields.apply(again, Json.readFlat(shown.getBytes(UTF_8)), complaints);

        assertThat(complaints.isEmpty()).as("%s", complaints).isTrue();
        assertThat(Json.write(json -> AppFields.write(json, again))).isEqualTo(shown);
    }

    private static void order(Provider provider, Map<String, Object> fields) {
        try {
            FaultOrder order = FaultFields.read(fields, provider);
            provider.faults().add(order);
            assertThat(order.count()).isPositive();
            assertThat(order.delay().isNegative()).isFalse();
        } catch (IllegalArgumentException refused) {
            isSaid(refused, fields);
        }
    }

    private static void isSaid(IllegalArgumentException refused, Map<String, Object> fields) {
        assertThat(refused).message().isNotEmpty().hasSizeLessThan(LONGEST_COMPLAINT);
        if (isSecretOnlyWhereItBelongs(fields)) {
            assertThat(refused.getMessage()).doesNotContain(SECRET);
        }
    }

    /** What is sent as a name or a scope is shown as one. */
    private static boolean isSecretOnlyWhereItBelongs(Map<String, Object> fields) {
        return fields.entrySet().stream()
                .filter(field -> !field.getKey().equals("client_secret"))
                .noneMatch(field -> (field.getKey() + field.getValue()).contains(SECRET));
    }
}
