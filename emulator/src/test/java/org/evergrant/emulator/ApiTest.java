package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API as Zoom answers, over real HTTP. */
final class ApiTest {
    private static final String INVALID = "{\"code\":124,\"message\":\"Invalid access token.\"}";

    private final SettableClock clock = new SettableClock();

    @RegisterExtension
    final EmulatorExtension provider = EmulatorExtension.of(Emulator.builder().clock(clock));

    private Emulator emulator() {
        return provider.emulator();
    }

    private Caller caller() {
        return new Caller(emulator());
    }

    @Test
    void liveTokenIsLetThrough() throws IOException {
        HttpResponse<String> answer = caller().me(caller().token());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Caller.json(answer))
                .containsEntry("account_id", "demo-account")
                .containsEntry("status", "active");
        assertThat(emulator().state().apiOk()).isEqualTo(1);
    }

    @Test
    void displacedRevokedAndGarbageTokensAreAnsweredAlike() throws IOException {
        String displaced = caller().token();
        String revoked = caller().token();
        caller().post("/oauth/revoke", "token=" + revoked, "Authorization", Caller.BASIC);

        assertInvalid(caller().me(displaced));
        assertInvalid(caller().me(revoked));
        assertInvalid(caller().me("garbage"));
        assertInvalid(caller().get("/v2/users/me"));

        assertThat(emulator().state().api401()).isEqualTo(4);
        assertThat(emulator().state().api401By())
                .containsOnly(
                        Map.entry("displaced", 1L),
                        Map.entry("revoked", 1L),
                        Map.entry("unknown", 1L),
                        Map.entry("missing", 1L));
        assertThat(emulator().state().app(Emulator.DEMO_CLIENT).api401()).isEqualTo(2);
    }

    private static void assertInvalid(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).isEqualTo(INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {124, 201})
    void expiredTokenHasItsOwnMessage(int code) throws IOException {
        emulator().configure(app -> app.expiredCode(code));
        String token = caller().token();
        clock.advance(Duration.ofHours(1));

        HttpResponse<String> answer = caller().me(token);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .isEqualTo("{\"code\":" + code + ",\"message\":\"Access token is expired.\"}");
        assertThat(emulator().state().api401By()).containsExactly(Map.entry("expired", 1L));
    }

    @Test
    void tokenInTheQueryIsRefused() throws IOException {
        HttpResponse<String> answer = caller().get("/v2/users/me?access_token=" + caller().token());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"code\":124,\"message\":\"Invalid access token, this access token is not"
                                + " supported as query parameter string.\"}");
        assertThat(emulator().state().api401By()).containsExactly(Map.entry("in_query", 1L));
    }

    @Test
    void schemeIsCaseInsensitive() throws IOException {
        String token = caller().token();

        HttpResponse<String> answer =
                caller().send(caller().request("/v2/users/me", "Authorization", "bearer " + token));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4711|400|[a:read, b:write].",
                "4700|401|[a:read, b:write].",
                "201|401|[a:read, b:write].",
                "104|401|[\"a:read, b:write\"]."
            })
    void lackOfScopesIsToldInEachOfZoomsWays(int code, int status, String tail) throws IOException {
        String token = caller().token();
        emulator().configure(app -> app.missingScopes("a:read b:write").scopeErrorCode(code));

        HttpResponse<String> answer = caller().me(token);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"code\":"
                                + code
                                + ",\"message\":\"Invalid access token, does not contain scopes:"
                                + tail
                                + "\"}");
        assertThat(emulator().state().apiOk()).isZero();
        assertThat(emulator().state().api401()).isEqualTo(status == 401 ? 1 : 0);
    }

    @Test
    void rejectAllRefusesEvenAFreshToken() throws IOException {
        emulator().configure(app -> app.rejectAll(true));

        assertInvalid(caller().me(caller().token()));
        assertThat(emulator().state().api401By()).containsExactly(Map.entry("refused", 1L));
    }

    @Test
    void limitPerSecondHasZoomsHeaders() throws IOException {
        emulator().configure(app -> app.apiRate(Quota.parse("2/1s")));
        String token = caller().token();
        assertThat(caller().me(token).headers().firstValue("X-RateLimit-Remaining")).contains("1");
        caller().me(token);

        HttpResponse<String> answer = caller().me(token);

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(Caller.json(answer)).containsEntry("code", 429L);
        assertThat(answer.headers().firstValue("X-RateLimit-Category")).contains("Light");
        assertThat(answer.headers().firstValue("X-RateLimit-Type")).contains("QPS");
        assertThat(answer.headers().firstValue("X-RateLimit-Limit")).contains("2");
        assertThat(answer.headers().firstValue("X-RateLimit-Remaining")).contains("0");
        assertThat(answer.headers().firstValue("X-RateLimit-Reset"))
                .contains(Long.toString(clock.instant().getEpochSecond() + 1));
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        assertThat(emulator().state().app(Emulator.DEMO_CLIENT).api429()).isEqualTo(1);
        assertThat(emulator().state().apiOk()).isEqualTo(2);
    }

    @Test
    void limitPerDayHasADateTimeInRetryAfter() throws IOException {
        emulator().configure(app -> app.apiDaily(Quota.parse("1/24h")));
        String token = caller().token();
        caller().me(token);

        HttpResponse<String> answer = caller().me(token);

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("X-RateLimit-Type")).contains("Daily-limit");
        String when = answer.headers().firstValue("Retry-After").orElseThrow();
        assertThat(Instant.parse(when)).isEqualTo(clock.instant().plus(Duration.ofHours(24)));
    }

    @Test
    void usersAreListedAndFound() throws IOException {
        String token = caller().token();

        assertThat(caller().get("/v2/users", token).body()).contains("\"total_records\":2");
        assertThat(caller().get("/v2/users/colleague@demo-client.example", token).statusCode())
                .isEqualTo(200);
        HttpResponse<String> nobody = caller().get("/v2/users/nobody@example.org", token);
        assertThat(nobody.statusCode()).isEqualTo(404);
        assertThat(nobody.body())
                .isEqualTo(
                        "{\"code\":1001,\"message\":\"User does not exist: nobody@example.org\"}");
    }

    @Test
    void meetingsAreCreatedListedFoundAndDeleted() throws IOException {
        String token = caller().token();
        String[] bearer = {"Authorization", "Bearer " + token};
        String wanted = "{\"settings\":{\"topic\":\"no\",\"x\":[1]},\"topic\":\"Plan \\\"B\\\"\"}";

        HttpResponse<String> created =
                caller().send(
                                caller().request("/v2/users/me/meetings", bearer)
                                        .POST(BodyPublishers.ofString(wanted)));

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(Caller.text(created, "topic")).isEqualTo("Plan \"B\"");
        String path = "/v2/meetings/" + Caller.json(created).get("id");
        assertThat(caller().get(path, token).body()).isEqualTo(created.body());
        assertThat(caller().get("/v2/users/me/meetings", token).body())
                .contains("\"total_records\":1", created.body());
        assertThat(caller().send(caller().request(path, bearer).DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(caller().get(path, token).statusCode()).isEqualTo(404);
        assertThat(caller().get("/v2/meetings/x", token).body()).contains("\"code\":3001");
    }

    @Test
    void unknownEndpointNeedsATokenAndIsNotRecognized() throws IOException {
        assertThat(caller().get("/v2/phone/nothing").statusCode()).isEqualTo(401);

        HttpResponse<String> answer = caller().get("/v2/phone/nothing", caller().token());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"code\":2300,\"message\":\"This API endpoint is not recognized.\"}");
    }
}
