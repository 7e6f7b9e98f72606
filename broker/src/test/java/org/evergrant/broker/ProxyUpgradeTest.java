package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.ProxyFixture.BEARER;
import static org.evergrant.broker.ProxyFixture.api;
import static org.evergrant.broker.ProxyFixture.broker;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.evergrant.Secret;
import org.evergrant.broker.config.LegacyJwt;
import org.evergrant.broker.config.Pace;
import org.evergrant.broker.config.Proxying;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Quota;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets, old callers, paces and the access log. */
@ExtendWith(NothingLeft.class)
final class ProxyUpgradeTest {
    private static final String API_SECRET = "0123456789abcdefghijklmnopqrstuvwxyz";

    @TempDir Path folder;

    @Test
    void webSocketGoesThroughWithTheToken() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.early((request, call) ->
                                request.toWebSocket()
                                        .onSuccess(socket ->
                                                socket.textMessageHandler(
                                                        socket::writeTextMessage)));
                Broker broker = broker(provider, upstream.url())) {
            CompletableFuture<String> echo = new CompletableFuture<>();
            CompletableFuture<Integer> closed = new CompletableFuture<>();
            WebSocket socket =
                    Fixture.HTTP
                            .newWebSocketBuilder()
                            .header("Authorization", BEARER)
                            .buildAsync(
                                    URI.create(api(broker, "/v2/ws").replace("http:", "ws:")),
                                    new WebSocket.Listener() {
                                        @Override
                                        public CompletionStage<?> onText(
                                                WebSocket from, CharSequence text, boolean last) {
                                            echo.complete(text.toString());
                                            from.request(1);
                                            return CompletableFuture.completedFuture(null);
                                        }

                                        @Override
                                        public CompletionStage<?> onClose(
                                                WebSocket from, int code, String reason) {
                                            closed.complete(code);
                                            return CompletableFuture.completedFuture(null);
                                        }
                                    })
                            .get(10, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(10, TimeUnit.SECONDS);

            assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
            assertThat(upstream.last().header("authorization")).startsWith("Bearer eyJ");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(10, TimeUnit.SECONDS);
            assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
            Await.until(
                    "it is counted",
                    Duration.ofSeconds(5),
                    () -> get(broker.url() + "/metrics").body().contains("status=\"101\""));
        }
    }

    /** Every browser offers compression; whether it is used is for the two ends to agree upon. */
    @Test
    void compressionIsNegotiatedByTheEndsAlone() throws Exception {
        String text = "compress me ".repeat(1000);
        for (boolean agrees : new boolean[] {true, false}) {
            HttpServerOptions options =
                    new HttpServerOptions()
                            .setPerMessageWebSocketCompressionSupported(agrees)
                            .setPerFrameWebSocketCompressionSupported(agrees);
            try (Emulator provider = Emulator.start();
                    RecordingApi upstream =
                            RecordingApi.early(
                                    options,
                                    (request, call) ->
                                            request.toWebSocket()
                                                    .onSuccess(socket ->
                                                            socket.textMessageHandler(
                                                                    socket::writeTextMessage)));
                    Broker broker = broker(provider, upstream.url())) {
                CompletableFuture<String> echo = new CompletableFuture<>();
                io.vertx.core.http.WebSocket socket =
                        upstream.vertx()
                                .createWebSocketClient(
                                        new WebSocketClientOptions()
                                                .setTryUsePerMessageCompression(true))
                                .connect(
                                        new WebSocketConnectOptions()
                                                .setAbsoluteURI(
                                                        api(broker, "/v2/ws")
                                                                .replace("http:", "ws:"))
                                                .addHeader("Authorization", BEARER))
                                .toCompletionStage()
                                .toCompletableFuture()
                                .get(10, TimeUnit.SECONDS);
                socket.textMessageHandler(echo::complete);
                socket.writeTextMessage(text);

                assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo(text);
                assertThat(socket.headers().contains("sec-websocket-extensions")).isEqualTo(agrees);
                assertThat(upstream.last().header("sec-websocket-extensions"))
                        .contains("permessage-deflate");
            }
        }
    }

    @Test
    void webSocketWhoseTokenIsDeadIsOpenedWithTheNext() throws Exception {
        List<String> tokens = new ArrayList<>();
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.early((request, call) -> {
                            tokens.add(String.valueOf(call.header("authorization")));
                            if (tokens.size() == 1) {
                                request.response()
                                        .setStatusCode(401)
                                        .end(
                                                "{\"code\":124,\"message\":\"Invalid access"
                                                        + " token.\"}");
                            } else if (call.uri().endsWith("refused")) {
                                request.response().setStatusCode(403).end("no");
                            } else {
                                request.toWebSocket();
                            }
                        });
                Broker broker = broker(provider, upstream.url())) {
            WebSocket socket = open(broker, "/v2/ws").get(10, TimeUnit.SECONDS);
            socket.abort();

            assertThat(tokens).hasSize(2).doesNotHaveDuplicates();
            CompletableFuture<WebSocket> refused = open(broker, "/v2/refused");
            assertThat(refused.handle((open, failure) -> failure).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(CompletionException.class)
                    .hasStackTraceContaining("403");
        }
    }

    @Test
    void oldCallerChangesOneHostNameAndItsTokenIsItsCredential() throws Exception {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.legacyJwt = new LegacyJwt("api-key", Secret.of(API_SECRET));
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl(), settings)) {
            String good = "Bearer " + jwt(API_SECRET, "api-key");

            HttpResponse<String> samePath =
                    get(broker.url() + "/v2/users/me", "Authorization", good);
            assertThat(samePath.statusCode()).isEqualTo(200);
            assertThat(get(api(broker, "/v2/users/me"), "Authorization", good).statusCode())
                    .isEqualTo(200);
            String forged = "Bearer " + jwt(API_SECRET + "x", "api-key");
            assertThat(get(broker.url() + "/v2/users/me", "Authorization", forged).statusCode())
                    .isEqualTo(401);
            String unknown = "Bearer " + jwt(API_SECRET, "other-key");
            assertThat(get(broker.url() + "/v2/users/me", "Authorization", unknown).statusCode())
                    .isEqualTo(404);
            assertThat(get(api(broker, "/v2/users/me"), "Authorization", unknown).statusCode())
                    .isEqualTo(401);
            assertThat(get(broker.url() + "/v2/users/me").statusCode()).isEqualTo(404);
            assertThat(get(broker.url() + "/metrics").body()).contains("caller=\"jwt:api-key\"");
            assertThat(provider.state().apiOk()).isEqualTo(2);
        }
    }

    @Test
    void paceKeepsCallsBelowTheApisLimit() throws Exception {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.pace = Pace.parse("20/s");
        settings.wait = Duration.ofSeconds(1);
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl(), settings)) {
            provider.configure(
                    Emulator.DEMO_CLIENT, app -> app.apiRate(new Quota(40, Duration.ofSeconds(1))));
            List<CompletableFuture<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                calls.add(
                        CompletableFuture.supplyAsync(() ->
                                get(api(broker, "/v2/users/me"), "Authorization", BEARER)
                                        .statusCode()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (CompletableFuture<Integer> call : calls) {
                statuses.add(call.get(20, TimeUnit.SECONDS));
            }

            assertThat(statuses).doesNotContain(429);
            assertThat(statuses.stream().filter(status -> status == 200).count())
                    .isGreaterThanOrEqualTo(20);
            assertThat(Set.of(200, 503)).containsAll(statuses);
        }
    }

    @Test
    void accessLogSaysWhoCalledWhatAndNoSecret() throws Exception {
        Path log = folder.resolve("access.log");
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.proxying = new Proxying("evergrant", Proxying.Forwarded.NONE, log);
        try (Emulator provider = Emulator.start()) {
            try (Broker broker = broker(provider, provider.apiUrl(), settings)) {
                get(
                        api(broker, "/v2/users?page_size=30&email=a@b.example&lonely"),
                        "Authorization",
                        BEARER);
            }
            settings.hideQuery = Set.of("email");
            try (Broker broker = broker(provider, provider.apiUrl(), settings)) {
                get(
                        api(broker, "/v2/users?page_size=30&%65mail=a@b.example"),
                        "Authorization",
                        BEARER);
                get(api(broker, "/v2/%2e%2e/x"), "Authorization", BEARER);
            }

            List<String> lines = Files.readAllLines(log);
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0))
                    .matches(
                            "\\S+Z app=zoom caller=billing method=GET"
                                    + " path=/v2/users\\?page_size=\\*&email=\\*&\\* status=200"
                                    + " replayed=false wait_ms=[0-9.]+ upstream_ms=[0-9.]+");
            assertThat(lines.get(1)).contains("path=/v2/users?page_size=30&%65mail=* status=200");
            assertThat(lines.get(2)).contains("path=- status=400").endsWith("upstream_ms=-");
            assertThat(String.join("", lines))
                    .doesNotContain(ProxyFixture.SECRET)
                    .doesNotContain("eyJ");
        }
    }

    private static CompletableFuture<WebSocket> open(Broker broker, String path) {
        return Fixture.HTTP
                .newWebSocketBuilder()
                .header("Authorization", BEARER)
                .buildAsync(
                        URI.create(api(broker, path).replace("http:", "ws:")),
                        new WebSocket.Listener() {});
    }

    private static String jwt(String secret, String issuer) throws Exception {
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .build();
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        jwt.sign(new MACSigner(secret));
        return jwt.serialize();
    }
}
