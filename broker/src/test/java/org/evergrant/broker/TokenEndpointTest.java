package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.BASIC;
import static org.evergrant.broker.Fixture.CANARY;
import static org.evergrant.broker.Fixture.GRANT;
import static org.evergrant.broker.Fixture.basic;
import static org.evergrant.broker.Fixture.field;
import static org.evergrant.broker.Fixture.post;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Secret;
import org.evergrant.emulator.Emulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TokenEndpointTest {
    private Emulator emulator;
    private Broker broker;
    private String zoom;
    private String all;

    @BeforeAll
    void start() {
        emulator =
                Emulator.builder()
                        .app(Emulator.DEMO_ACCOUNT, Emulator.DEMO_CLIENT, Emulator.DEMO_SECRET)
                        .app("other", "other-client", "other-secret")
                        .start();
        App other =
                App.builder(AppId.of("other"))
                        .tokenUrl(URI.create(emulator.tokenUrl()))
                        .clientId("other-client")
                        .clientSecret(Secret.of("other-secret"))
                        .build();
        broker =
                Broker.start(
                        Fixture.configuration(Fixture.zoom(emulator.tokenUrl()).build(), other));
        zoom = broker.url() + "/apps/zoom/oauth/token";
        all = broker.url() + "/oauth/token";
    }

    @AfterAll
    void stop() {
        broker.close();
        emulator.close();
    }

    @Test
    void answersTheProvidersFields() {
        HttpResponse<String> answer = post(zoom, GRANT, "Authorization", BASIC);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(field(answer, "token_type")).isEqualTo("bearer");
        assertThat(Integer.parseInt(field(answer, "expires_in"))).isBetween(3500, 3540);
        assertThat(field(answer, "api_url")).isEqualTo(emulator.url());
        assertThat(field(answer, "scope")).isNotEmpty();
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("Pragma")).contains("no-cache");
        HttpResponse<String> call =
                Fixture.get(
                        emulator.url() + "/v2/users/me",
                        "Authorization",
                        "Bearer " + field(answer, "access_token"));
        assertThat(call.statusCode()).isEqualTo(200);
    }

    @Test
    void everybodyGetsTheSameToken() {
        String expected = field(post(zoom, GRANT, "Authorization", BASIC), "access_token");

        for (String header :
                List.of(
                        basic("one", CANARY),
                        basic("one", URLEncoder.encode(CANARY, StandardCharsets.UTF_8)),
                        basic("one", CANARY).replace('+', '-').replace('/', '_').replace("=", ""),
                        basic("all", "all-secret"),
                        "basic " + basic("all", "all-secret").substring(6))) {
            HttpResponse<String> answer = post(zoom, GRANT, "Authorization", header);
            assertThat(answer.statusCode()).as(header).isEqualTo(200);
            assertThat(field(answer, "access_token")).isEqualTo(expected);
            assertThat(post(zoom, GRANT, "Authorization", header).statusCode()).isEqualTo(200);
        }
        for (String form :
                List.of(
                        GRANT + "&client_id=all&client_secret=all-secret",
                        "scope=a+b&" + GRANT + "&client_id=all&client_secret=all-secret",
                        "scope=a%20b&" + GRANT + "&client_id=all&client_secret=all-secret",
                        "scope=a b&"
                                + GRANT
                                + "&client_id=all&client_secret=all-secret&token_index=1",
                        "grant_type=account_credentials&account_id=demo-account&client_id=all"
                                + "&client_secret=all-secret")) {
            HttpResponse<String> answer = post(zoom, form);
            assertThat(answer.statusCode()).as(form).isEqualTo(200);
            assertThat(field(answer, "access_token")).isEqualTo(expected);
        }
    }

    @Test
    void parametersComeInTheQueryOrWithoutAContentType() throws IOException {
        HttpResponse<String> query =
                post(
                        zoom + "?grant_type=account_credentials&account_id=demo-account",
                        "",
                        "Authorization",
                        BASIC);
        HttpResponse<String> split =
                post(
                        zoom + "?grant_type=account_credentials",
                        "account_id=demo-account",
                        "Authorization",
                        BASIC);
        HttpResponse<String> json =
                Fixture.send(
                        HttpRequest.newBuilder(URI.create(zoom))
                                .POST(HttpRequest.BodyPublishers.ofString(GRANT)),
                        "Content-Type",
                        "text/plain; charset=ISO-8859-1",
                        "Accept",
                        "application/xml",
                        "Authorization",
                        BASIC);
        String bare =
                Fixture.raw(
                        broker.port(),
                        "POST /apps/zoom/oauth/token?"
                                + GRANT
                                + " HTTP/1.0\r\nAuthorization: "
                                + BASIC
                                + "\r\n\r\n");

        assertThat(query.statusCode()).isEqualTo(200);
        assertThat(split.statusCode()).isEqualTo(200);
        assertThat(json.statusCode()).isEqualTo(200);
        assertThat(bare).startsWith("HTTP/1.0 200").contains("access_token");
    }

    @Test
    void appIsFoundByClientIdResourceOrBecauseItIsTheOnlyOne() {
        HttpResponse<String> dropIn = post(all, GRANT, "Authorization", BASIC);
        HttpResponse<String> other =
                post(all, GRANT, "Authorization", basic("other-client", "other-secret"));
        HttpResponse<String> only = post(all, GRANT, "Authorization", basic("one", CANARY));
        String caller = basic("all", "all-secret");
        HttpResponse<String> named = post(all, GRANT + "&resource=other", "Authorization", caller);
        HttpResponse<String> byUrl =
                post(
                        all,
                        GRANT + "&resource=" + broker.url() + "/apps/other",
                        "Authorization",
                        caller);
        HttpResponse<String> unsaid = post(all, GRANT, "Authorization", caller);
        HttpResponse<String> foreign =
                post(all, GRANT + "&resource=other", "Authorization", basic("one", CANARY));

        assertThat(field(dropIn, "access_token")).isEqualTo(field(only, "access_token"));
        assertThat(field(other, "access_token")).isNotEqualTo(field(dropIn, "access_token"));
        assertThat(field(named, "access_token")).isEqualTo(field(other, "access_token"));
        assertThat(field(byUrl, "access_token")).isEqualTo(field(other, "access_token"));
        assertThat(unsaid.statusCode()).isEqualTo(400);
        assertThat(field(unsaid, "error")).isEqualTo("invalid_target");
        assertThat(unsaid.body()).contains("other, zoom").contains("resource=APP");
        assertThat(field(foreign, "error")).isEqualTo("invalid_target");
        assertThat(foreign.body()).doesNotContain("other");
    }

    @Test
    void refusesByTheProtocol() {
        refused(post(zoom, "", "Authorization", BASIC), 400, "invalid_request", "Bad Request");
        refused(
                post(zoom, "grant_type=password", "Authorization", BASIC),
                400,
                "unsupported_grant_type",
                "unsupported grant type");
        refused(
                post(zoom, GRANT + "&account_id=wrong", "Authorization", BASIC),
                400,
                "invalid_request",
                "Bad Request");
        refused(
                post(zoom, GRANT + "&min_life=soon", "Authorization", BASIC),
                400,
                "invalid_request",
                "Bad Request");
        refused(
                post(zoom, GRANT + "&scope=%zz", "Authorization", BASIC),
                400,
                "invalid_request",
                "Bad Request");
        refused(
                post(zoom, GRANT + "&grant_type=x", "Authorization", BASIC),
                400,
                "invalid_request",
                "Bad Request");
        refused(
                post(zoom, GRANT, "Authorization", basic("other-client", "other-secret")),
                400,
                "unauthorized_client",
                "Unauthorized client");
        refused(
                post(zoom + "?" + GRANT + "&client_id=all&client_secret=all-secret", ""),
                400,
                "invalid_request",
                "Bad Request");
        refused(
                post(zoom, GRANT + "&client_id=all", "Authorization", BASIC),
                400,
                "invalid_request",
                "Bad Request");
    }

    @Test
    void wrongCredentialsAreRefusedWithAChallenge() {
        for (String header :
                List.of(
                        basic(Emulator.DEMO_CLIENT, "wrong"),
                        basic("nobody", "wrong"),
                        basic("one", "all-secret"),
                        "Basic !!!",
                        "Basic " + Base64.getEncoder().encodeToString(new byte[] {65}),
                        "Bearer abc")) {
            HttpResponse<String> answer = post(zoom, GRANT, "Authorization", header);
            refused(answer, 401, "invalid_client", "Invalid client_id or client_secret");
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .contains("Basic realm=\"evergrant\"");
        }
        refused(post(zoom, GRANT), 401, "invalid_client", "Invalid client_id or client_secret");
        refused(
                post(zoom, GRANT + "&client_id=one&client_secret=x"),
                401,
                "invalid_client",
                "Invalid client_id or client_secret");
        assertThat(post(all, GRANT).body()).doesNotContain("reason");
    }

    @Test
    void addressesMethodsAndSizesAreRefusedInJson() throws IOException {
        refused(post(broker.url() + "/apps/nope/oauth/token", GRANT), 404, "not_found");
        refused(post(broker.url() + "/apps/zoom/oauth/token/", GRANT), 404, "not_found");
        refused(post(broker.url() + "/apps/zoom/apis/v2/users/me", GRANT), 404, "not_found");
        refused(Fixture.get(broker.url() + "/nowhere"), 404, "not_found");
        HttpResponse<String> got = Fixture.get(zoom);
        refused(got, 405, "method_not_allowed");
        assertThat(got.headers().firstValue("Allow")).contains("POST");
        HttpResponse<String> posted = post(broker.url() + "/healthz", "");
        refused(posted, 405, "method_not_allowed");
        assertThat(posted.headers().firstValue("Allow")).contains("GET");
        refused(
                post(zoom, "x=" + "y".repeat(70_000), "Authorization", BASIC),
                413,
                "invalid_request");
        assertThat(Fixture.raw(broker.port(), "this is no HTTP\r\n\r\n"))
                .contains(" 400 Bad Request\r\n")
                .contains("\"error\":\"invalid_request\"");
        assertThat(
                        Fixture.raw(
                                broker.port(),
                                "GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .contains(" 400 Bad Request\r\n")
                .contains("too long");
    }

    @Test
    void minLifeIsServedAsFarAsItGoes() {
        HttpResponse<String> answer = post(zoom, GRANT + "&min_life=300", "Authorization", BASIC);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Integer.parseInt(field(answer, "expires_in"))).isGreaterThan(300);
    }

    private static void refused(HttpResponse<String> answer, int status, String error) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(field(answer, "error")).isEqualTo(error);
        assertThat(field(answer, "error_description")).isNotEmpty();
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/json;charset=UTF-8");
        assertThat(answer.body()).doesNotContain(CANARY).doesNotContain("all-secret");
    }

    private static void refused(
            HttpResponse<String> answer, int status, String error, String reason) {
        refused(answer, status, error);
        assertThat(field(answer, "reason")).isEqualTo(reason);
    }
}
