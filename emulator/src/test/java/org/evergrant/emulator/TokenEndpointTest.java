package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token endpoint as Zoom answers, over real HTTP. */
final class TokenEndpointTest {
    /** Its base64 has both characters in which the two alphabets differ. */
    private static final String ODD_SECRET = "~~~???>>>ß%2B+:!";

    @RegisterExtension
    static final EmulatorExtension PROVIDER =
            EmulatorExtension.of(
                    Emulator.builder()
                            .retention(Retention.keepAll())
                            .app(Emulator.DEMO_ACCOUNT, Emulator.DEMO_CLIENT, Emulator.DEMO_SECRET)
                            .app("odd-account", "odd-client", ODD_SECRET));

    private final Emulator emulator;
    private final Caller caller;

    TokenEndpointTest(Emulator emulator) {
        this.emulator = emulator;
        this.caller = new Caller(emulator);
    }

    @Test
    void answersWithZoomsFields() throws IOException {
        HttpResponse<String> answer = caller.mint();

        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, Object> json = Caller.json(answer);
        assertThat(json.keySet())
                .containsExactly("access_token", "token_type", "expires_in", "scope", "api_url");
        assertThat(json)
                .containsEntry("token_type", "bearer")
                .containsEntry("expires_in", 3600L)
                .containsEntry("scope", "meeting:read:admin meeting:write:admin user:read:admin")
                .containsEntry("api_url", emulator.apiUrl());
    }

    @Test
    void answersWithZoomsHeaders() throws IOException {
        HttpResponse<String> answer = caller.mint();

        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/json;charset=UTF-8");
        assertThat(answer.headers().firstValue("Cache-Control"))
                .contains("no-store, no-transform, must-revalidate, no-cache");
        assertThat(answer.headers().firstValue("Pragma")).contains("no-cache");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("x-zm-trackingid").orElseThrow())
                .matches("v=2\\.0;clid=us02;rid=WEB_[0-9a-f]{16}");
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("Domain=.zoom.us");
    }

    @Test
    void tokensLookLikeZoomsAndAreUnique() throws IOException {
        String first = caller.token();
        String second = caller.token();

        assertThat(first).isNotEqualTo(second).startsWith("eyJ").hasSizeBetween(600, 800);
        String[] parts = first.split("\\.", -1);
        assertThat(parts).hasSize(3);
        assertThat(decoded(parts[0])).contains("\"alg\":\"HS512\"", "\"v\":\"2.0\"");
        assertThat(decoded(parts[1]))
                .contains(
                        "\"iss\":\"zm:cid:demo-client\"", "\"aid\":\"demo-account\"", "\"tid\":0");
        assertThat(Base64.getUrlDecoder().decode(parts[2])).hasSize(64);
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "application/json", "text/plain", "application/x-www-form-urlencoded"})
    void takesParametersFromTheQueryWhateverTheContentType(String type) throws IOException {
        var request =
                caller.request("/oauth/token?" + Caller.GRANT, "Authorization", Caller.BASIC)
                        .POST(BodyPublishers.noBody());

        HttpResponse<String> answer =
                caller.send(type.isEmpty() ? request : request.header("Content-Type", type));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded;charset=UTF-8",
                "text/plain",
                "application/octet-stream"
            })
    void takesParametersFromTheBodyWhateverTheContentType(String type) throws IOException {
        HttpResponse<String> answer =
                caller.send(
                        caller.request("/oauth/token", "Authorization", Caller.BASIC)
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString(Caller.GRANT)));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void takesParametersFromQueryAndBodyTogether() throws IOException {
        HttpResponse<String> answer =
                caller.post(
                        "/oauth/token?grant_type=account_credentials",
                        "account_id=demo-account",
                        "Authorization",
                        Caller.BASIC);

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    /** By default the JDK's client offers to go on in HTTP/2. */
    @Test
    void answersAClientThatOffersHttp2() throws Exception {
        HttpRequest request =
                caller.request("/oauth/token", "Authorization", Caller.BASIC)
                        .POST(BodyPublishers.ofString(Caller.GRANT))
                        .build();

        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void takesTheClientFromTheBody() throws IOException {
        String client = "&client_id=demo-client&client_secret=demo-secret";

        assertThat(caller.post("/oauth/token", Caller.GRANT + client).statusCode()).isEqualTo(200);
    }

    @Test
    void takesTheClientFromTheHeaderIfItIsInBoth() throws IOException {
        String wrong = "&client_id=demo-client&client_secret=wrong";

        assertThat(caller.mint(wrong).statusCode()).isEqualTo(200);
    }

    @Test
    void takesBothAlphabetsOfBase64WithAndWithoutPadding() throws IOException {
        byte[] pair = ("odd-client:" + ODD_SECRET).getBytes(StandardCharsets.UTF_8);
        String standard = Base64.getEncoder().encodeToString(pair);
        assertThat(standard).contains("+", "/", "=");

        for (String base64 :
                List.of(
                        standard,
                        Base64.getUrlEncoder().encodeToString(pair),
                        Base64.getEncoder().withoutPadding().encodeToString(pair),
                        Base64.getUrlEncoder().withoutPadding().encodeToString(pair))) {
            assertThat(odd("Basic " + base64).statusCode()).as(base64).isEqualTo(200);
            assertThat(odd("basic " + base64).statusCode()).as(base64).isEqualTo(200);
        }
    }

    /** RFC 6749 section 2.3.1 has it so, and libraries that follow it do it. */
    @Test
    void takesCredentialsThatWereFormEncodedBeforeTheBase64() throws IOException {
        String encoded =
                Caller.basic("odd-client", URLEncoder.encode(ODD_SECRET, StandardCharsets.UTF_8));

        assertThat(odd(encoded).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> odd(String authorization) throws IOException {
        return caller.post(
                "/oauth/token",
                "grant_type=account_credentials&account_id=odd-account",
                "Authorization",
                authorization);
    }

    @Test
    void takesClientCredentialsWithoutAnAccount() throws IOException {
        HttpResponse<String> answer =
                caller.post(
                        "/oauth/token",
                        "grant_type=client_credentials&scope=a b+c%20d",
                        "Authorization",
                        Caller.BASIC);

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic",
                "Basic !!!",
                "Basic ZGVtby1jbGllbnQ=",
                "Basic ZGVtby1jbGllbnQ6d3Jvbmc=",
                "Bearer x"
            })
    void refusesWrongClientsWith400(String authorization) throws IOException {
        HttpResponse<String> answer =
                authorization.isEmpty()
                        ? caller.post("/oauth/token", Caller.GRANT)
                        : caller.post("/oauth/token", Caller.GRANT, "Authorization", authorization);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"reason\":\"Invalid client_id or client_secret\","
                                + "\"error\":\"invalid_client\"}");
        assertThat(emulator.state().mints()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grant_type=account_credentials|Bad Request|invalid_request",
                "grant_type=account_credentials&account_id=x|Bad Request|invalid_request",
                "account_id=demo-account|Bad Request|invalid_request",
                "grant_type=&account_id=demo-account|Bad Request|invalid_request",
                "grant_type=%zz&account_id=demo-account|Bad Request|invalid_request",
                "grant_type=password|unsupported grant type|unsupported_grant_type",
                "grant_type=refresh_token|unsupported grant type|unsupported_grant_type"
            })
    void refusesWrongRequestsWith400(String form, String reason, String error) throws IOException {
        HttpResponse<String> answer =
                caller.post("/oauth/token", form, "Authorization", Caller.BASIC);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"reason\":\"" + reason + "\",\"error\":\"" + error + "\"}");
        assertThat(emulator.state().mints()).isZero();
    }

    @Test
    void refusesTheGrantThatTheTypeOfTheAppDoesNotAllow() throws IOException {
        emulator.configure(
                Emulator.DEMO_CLIENT, app -> app.grant(AppSettings.Grant.CLIENT_CREDENTIALS));

        HttpResponse<String> answer = caller.mint();

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.text(answer, "error")).isEqualTo("unsupported_grant_type");
    }

    @Test
    void refusesAnAppThatIsNotActivated() throws IOException {
        String token = caller.token();
        emulator.configure(Emulator.DEMO_CLIENT, app -> app.active(false));

        HttpResponse<String> answer = caller.mint();

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"reason\":\"The app is not activated\",\"error\":\"invalid_request\"}");
        assertThat(caller.accepts(token)).isFalse();
    }

    @Test
    void refusesTheOldSecretAfterItWasChanged() throws IOException {
        String token = caller.token();
        emulator.configure(Emulator.DEMO_CLIENT, app -> app.clientSecret("rotated"));

        assertThat(caller.mint().statusCode()).isEqualTo(400);
        assertThat(caller.accepts(token)).isTrue();
        assertThat(
                        caller.post(
                                        "/oauth/token",
                                        Caller.GRANT,
                                        "Authorization",
                                        Caller.basic("demo-client", "rotated"))
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void expiresInIsTheLifetimeInSecondsRoundedDown() throws IOException {
        emulator.configure(Emulator.DEMO_CLIENT, app -> app.lifetime(Duration.ofMillis(2999)));
        assertThat(Caller.json(caller.mint())).containsEntry("expires_in", 2L);

        emulator.configure(
                Emulator.DEMO_CLIENT,
                app -> app.lifetime(Duration.ofHours(1)).expiresInShortfall(Duration.ofSeconds(1)));
        assertThat(Caller.json(caller.mint())).containsEntry("expires_in", 3599L);
    }

    @Test
    void leavesScopeOutWhereTold() throws IOException {
        emulator.configure(Emulator.DEMO_CLIENT, app -> app.scopeAbsent(true));

        assertThat(Caller.json(caller.mint())).doesNotContainKey("scope");
    }

    @Test
    void namesTheAddressThatTheClientUsed() throws IOException {
        HttpResponse<String> answer =
                new Caller(emulator)
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://localhost:"
                                                                + emulator.port()
                                                                + "/oauth/token"))
                                        .header("Authorization", Caller.BASIC)
                                        .POST(BodyPublishers.ofString(Caller.GRANT)));

        assertThat(Caller.text(answer, "api_url")).isEqualTo("http://localhost:" + emulator.port());
    }

    @Test
    void mintQuotaIsAnswered429WithTheSecondsToWait() throws IOException {
        emulator.configure(Emulator.DEMO_CLIENT, app -> app.mintQuota(Quota.parse("2/10m")));
        caller.token();
        caller.token();

        HttpResponse<String> answer = caller.mint();

        assertThat(answer.statusCode()).isEqualTo(429);
        String wait = answer.headers().firstValue("Retry-After").orElseThrow();
        assertThat(Integer.parseInt(wait)).isBetween(590, 600);
        assertThat(emulator.state().mints()).isEqualTo(2);
    }

    @Test
    void revokedTokenDiesAtOnceAndAlone() throws IOException {
        String first = caller.token();
        String second = caller.token();

        HttpResponse<String> answer =
                caller.post("/oauth/revoke", "token=" + first, "Authorization", Caller.BASIC);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"success\"}");
        assertThat(caller.accepts(first)).isFalse();
        assertThat(caller.accepts(second)).isTrue();
        assertThat(emulator.state().api401By()).containsExactly(Map.entry("revoked", 1L));
    }

    @Test
    void revocationNeedsTheAppThatTheTokenBelongsTo() throws IOException {
        String token = caller.token();

        HttpResponse<String> stranger = caller.post("/oauth/revoke", "token=" + token);
        HttpResponse<String> other =
                caller.post(
                        "/oauth/revoke",
                        "token=" + token,
                        "Authorization",
                        Caller.basic("odd-client", ODD_SECRET));
        HttpResponse<String> nothing =
                caller.post("/oauth/revoke", "", "Authorization", Caller.BASIC);

        assertThat(stranger.statusCode()).isEqualTo(400);
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(nothing.statusCode()).isEqualTo(400);
        assertThat(caller.accepts(token)).isTrue();
    }

    @Test
    void wrongPathIsAWebPage() throws IOException {
        HttpResponse<String> answer = caller.post("/zoom-oauth/token", Caller.GRANT);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/html");
    }

    @Test
    void wrongMethodIsRefused() throws IOException {
        HttpResponse<String> answer = caller.get("/oauth/token?" + Caller.GRANT);

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void metadataLeadsToTheTokenEndpoint() throws IOException {
        HttpResponse<String> answer = caller.get("/.well-known/oauth-authorization-server");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"issuer\":\"" + emulator.url() + "\"")
                .contains("\"token_endpoint\":\"" + emulator.tokenUrl() + "\"");
    }
}
