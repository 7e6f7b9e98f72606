package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.BASIC;
import static org.evergrant.broker.Fixture.basic;
import static org.evergrant.broker.Fixture.field;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.Fixture.raw;
import static org.evergrant.broker.ProxyFixture.BEARER;
import static org.evergrant.broker.ProxyFixture.SECRET;
import static org.evergrant.broker.ProxyFixture.api;
import static org.evergrant.broker.ProxyFixture.broker;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.evergrant.broker.config.Allow;
import org.evergrant.broker.config.Proxying;
import org.evergrant.emulator.Emulator;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes on to an API and what comes back. */
@ExtendWith(NothingLeft.class)
final class ProxyTest {

    @Test
    void callNeedsNoTokenHoweverItsCallerProvesWhoItIs() {
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl())) {
            for (String proof :
                    List.of(BASIC, basic("billing", SECRET), BEARER, "bearer  " + SECRET)) {
                HttpResponse<String> answer =
                        get(api(broker, "/v2/users/me"), "Authorization", proof);

                assertThat(answer.statusCode()).as(proof.substring(0, 6)).isEqualTo(200);
                assertThat(answer.body()).contains("\"email\"");
            }
            assertThat(provider.state().mints()).isEqualTo(1);
            assertThat(provider.state().api401()).isZero();
        }
    }

    @Test
    void nobodyGetsThroughWithoutCredentialsNotEvenOnLoopback() {
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl())) {
            String url = api(broker, "/v2/users/me");

            HttpResponse<String> none = get(url);
            assertThat(none.statusCode()).isEqualTo(401);
            assertThat(none.headers().firstValue("WWW-Authenticate")).isPresent();
            for (String proof :
                    List.of(
                            basic("billing", "wrong"),
                            "Bearer wrong",
                            "Bearer",
                            "Bearer " + Emulator.DEMO_SECRET,
                            "Digest " + SECRET)) {
                assertThat(get(url, "Authorization", proof).statusCode()).isEqualTo(401);
            }
            HttpResponse<String> elsewhere = get(url, "Authorization", "Bearer other-secret");
            assertThat(elsewhere.statusCode()).isEqualTo(403);
            assertThat(field(elsewhere, "error")).isEqualTo("access_denied");
            assertThat(provider.state().mints()).isZero();
        }
    }

    @Test
    void bearerOpensNoOtherRoute() {
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl())) {
            get(api(broker, "/v2/users/me"), "Authorization", BEARER);

            HttpResponse<String> token =
                    Fixture.post(
                            broker.url() + "/apps/zoom/oauth/token",
                            Fixture.GRANT,
                            "Authorization",
                            BEARER);

            assertThat(token.statusCode()).isEqualTo(401);
        }
    }

    @Test
    void credentialsCookiesAndHopByHopFieldsStayBehind() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> request.response().end());
                Broker broker = broker(provider, upstream.url())) {
            raw(
                    broker.port(),
                    """
                    GET /apps/zoom/api/v2/users?page_size=30&q=a%20b HTTP/1.1\r
                    Host: evil.example\r
                    Authorization: BEARER\r
                    Cookie: session=1\r
                    Connection: close\r
                    Connection: X-Secret-Hop, Keep-Alive\r
                    Keep-Alive: timeout=5\r
                    Proxy-Authorization: Basic eDp5\r
                    Proxy-Connection: close\r
                    TE: trailers\r
                    X-Secret-Hop: 1\r
                    X-Forwarded-For: 6.6.6.6\r
                    X-Forwarded-Host: evil.example\r
                    Forwarded: for=6.6.6.6\r
                    X-Real-IP: 6.6.6.6\r
                    Via: 1.0 fred\r
                    Accept-Encoding: br, gzip, zstd\r
                    X-Kept: yes\r
                    X-Kept: twice\r
                    \r
                    """
                            .replace("BEARER", BEARER));

            RecordingApi.Seen call = upstream.last();
            assertThat(call.uri()).isEqualTo("/v2/users?page_size=30&q=a%20b");
            assertThat(call.header("host")).isEqualTo(upstream.url().substring("http://".length()));
            assertThat(call.header("authorization")).startsWith("Bearer eyJ");
            assertThat(call.header("via")).isEqualTo("1.0 fred, 1.1 evergrant");
            assertThat(call.header("accept-encoding")).isEqualTo("gzip");
            assertThat(call.header("x-kept")).isEqualTo("yes, twice");
            assertThat(call.headers().keySet())
                    .containsExactlyInAnyOrder(
                            "host", "authorization", "via", "accept-encoding", "x-kept");
        }
    }

    @Test
    void answerComesBackWithoutWhatIsTheApisOwn() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) ->
                                request.response()
                                        .setStatusCode(429)
                                        .putHeader("Retry-After", "2026-11-28T00:00:00Z")
                                        .putHeader("X-RateLimit-Remaining", "0")
                                        .putHeader("Set-Cookie", "session=1")
                                        .putHeader("Alt-Svc", "h2=\"other.example:443\"")
                                        .putHeader("Strict-Transport-Security", "max-age=1")
                                        .putHeader("Connection", "X-Hop")
                                        .putHeader("X-Hop", "1")
                                        .putHeader("X-Kept", "yes")
                                        .end("slow down"));
                Broker broker = broker(provider, upstream.url())) {
            HttpResponse<String> answer = get(api(broker, "/v2/x"), "Authorization", BEARER);

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body()).isEqualTo("slow down");
            assertThat(answer.headers().map().keySet())
                    .containsExactlyInAnyOrder(
                            "content-length",
                            "retry-after",
                            "via",
                            "x-kept",
                            "x-ratelimit-remaining");
            assertThat(answer.headers().firstValue("Via")).contains("1.1 evergrant");
        }
    }

    @Test
    void everyMethodAndItsBodyGoesOn() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) ->
                                request.response()
                                        .putHeader("X-Length", "" + call.body().length())
                                        .end(call.body()));
                Broker broker = broker(provider, upstream.url())) {
            for (String method :
                    List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")) {
                HttpResponse<String> answer =
                        Fixture.send(
                                HttpRequest.newBuilder(URI.create(api(broker, "/v2/x")))
                                        .method(
                                                method,
                                                BodyPublishers.ofString("body of " + method)),
                                "Authorization",
                                BEARER);

                assertThat(answer.body()).isEqualTo("body of " + method);
                assertThat(upstream.last().method()).isEqualTo(method);
            }
            HttpResponse<String> head =
                    Fixture.send(
                            HttpRequest.newBuilder(URI.create(api(broker, "/v2/x")))
                                    .method("HEAD", BodyPublishers.noBody()),
                            "Authorization",
                            BEARER);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("x-length")).contains("0");
            Fixture.send(
                    HttpRequest.newBuilder(URI.create(api(broker, "/v2/x")))
                            .POST(BodyPublishers.noBody()),
                    "Authorization",
                    BEARER);
            assertThat(upstream.last().header("content-length")).isEqualTo("0");
        }
    }

    @Test
    void methodsThatShowTheTokenAreRefused() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> request.response().end());
                Broker broker = broker(provider, upstream.url())) {
            for (String method : List.of("TRACE", "TRACK")) {
                String answer = call(broker, method + " /apps/zoom/api/v2/x HTTP/1.1");

                assertThat(answer).startsWith("HTTP/1.1 405 ");
            }
            assertThat(call(broker, "CONNECT evil.example:443 HTTP/1.1"))
                    .startsWith("HTTP/1.1 404 ");
            assertThat(upstream.seen()).isEmpty();
        }
    }

    @Test
    void onlyListedCallsOfTheAppAndOfTheCallerGoOn() throws Exception {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.allow = List.of(Allow.parse("GET /v2/**"), Allow.parse("POST /v2/**"));
        settings.callerAllow = List.of(Allow.parse("GET /v2/users/**"));
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> request.response().end());
                Broker broker = broker(provider, upstream.url() + "/base", settings)) {
            assertThat(status(broker, BEARER, "/v2/users")).isEqualTo(200);
            assertThat(status(broker, BEARER, "/v2/%75sers/me")).isEqualTo(200);
            assertThat(upstream.last().uri()).isEqualTo("/base/v2/users/me");
            assertThat(status(broker, BEARER, "/v2/meetings/1")).isEqualTo(403);
            assertThat(status(broker, BEARER, "/v2/users/../meetings")).isEqualTo(400);
            assertThat(status(broker, BASIC, "/v2/meetings/1")).isEqualTo(200);
            assertThat(status(broker, BASIC, "/v1/meetings/1")).isEqualTo(403);
            assertThat(upstream.seen()).hasSize(3);
        }
    }

    @Test
    void redirectsArePassedAndLeadThroughTheProxyWhereTheyStayInTheApi() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) ->
                                request.response()
                                        .setStatusCode(302)
                                        .putHeader(
                                                "Location",
                                                call.uri().contains("away")
                                                        ? "https://files.example/x?sig=1"
                                                        : "http://"
                                                                + request.getHeader("host")
                                                                + "/base/v2/next?p=2")
                                        .end());
                Broker broker = broker(provider, upstream.url() + "/base")) {
            assertThat(location(broker, "/v2/here")).isEqualTo("/apps/zoom/api/v2/next?p=2");
            assertThat(location(broker, "/v2/away")).isEqualTo("https://files.example/x?sig=1");
            assertThat(upstream.seen()).hasSize(2);
        }
    }

    @Test
    void addressOfTheCallerIsToldOnlyWhereTheConfigurationSaysSo() throws Exception {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> request.response().end())) {
            settings.proxying = new Proxying("", Proxying.Forwarded.FORWARDED, null);
            try (Broker broker = broker(provider, upstream.url(), settings)) {
                get(api(broker, "/v2/x"), "Authorization", BEARER, "Forwarded", "for=6.6.6.6");
            }
            assertThat(upstream.last().header("forwarded"))
                    .matches("for=127\\.0\\.0\\.1;host=\"127\\.0\\.0\\.1:[0-9]+\";proto=http");
            assertThat(upstream.last().header("via")).isNull();

            settings.proxying = new Proxying("gate", Proxying.Forwarded.X_FORWARDED, null);
            try (Broker broker = broker(provider, upstream.url(), settings)) {
                get(api(broker, "/v2/x"), "Authorization", BEARER, "X-Forwarded-For", "6.6.6.6");
            }
            assertThat(upstream.last().header("x-forwarded-for")).isEqualTo("127.0.0.1");
            assertThat(upstream.last().header("x-forwarded-proto")).isEqualTo("http");
            assertThat(upstream.last().header("via")).isEqualTo("1.1 gate");
        }
    }

    @Test
    void appWithoutAnApiHasNoSuchRoute() {
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl())) {
            assertThat(get(broker.url() + "/apps/none/api/x", "Authorization", BEARER).statusCode())
                    .isEqualTo(404);
            assertThat(get(broker.url() + "/apps/zoom/apix", "Authorization", BEARER).statusCode())
                    .isEqualTo(404);
            assertThat(get(broker.url() + "/apps/zoom/api", "Authorization", BEARER).statusCode())
                    .isEqualTo(404);
            assertThat(provider.state().apiOk()).isZero();
        }
    }

    private static int status(Broker broker, String proof, String path) throws Exception {
        String answer =
                raw(
                        broker.port(),
                        "GET /apps/zoom/api"
                                + path
                                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "
                                + proof
                                + "\r\n\r\n");
        return Integer.parseInt(answer.substring(9, 12));
    }

    private static String call(Broker broker, String line) throws Exception {
        return raw(
                broker.port(),
                line + "\r\nHost: x\r\nConnection: close\r\nAuthorization: " + BEARER + "\r\n\r\n");
    }

    private static String location(Broker broker, String path) {
        HttpResponse<String> answer = get(api(broker, path), "Authorization", BEARER);
        assertThat(answer.statusCode()).isEqualTo(302);
        return answer.headers().firstValue("Location").orElse("");
    }
}
