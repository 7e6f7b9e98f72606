package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.ProxyFixture.BEARER;
import static org.evergrant.broker.ProxyFixture.api;
import static org.evergrant.broker.ProxyFixture.broker;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.evergrant.App;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Fault;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls whose token dies, and calls that wait for the next one. */
@ExtendWith(NothingLeft.class)
final class ProxyRenewalTest {
    private static final String ZOOM_DEAD = "{\"code\":124,\"message\":\"Invalid access token.\"}";

    @Test
    void callsThatMeetARivalsMintAreAnsweredWithOneMintAndNo401() throws Exception {
        try (Emulator provider = Emulator.builder().latency(Duration.ofMillis(100)).start();
                Broker broker = broker(provider, provider.apiUrl())) {
            get(api(broker, "/v2/users/me"), "Authorization", BEARER);
            provider.rival();

            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(
                        CompletableFuture.supplyAsync(
                                () -> get(api(broker, "/v2/users/me"), "Authorization", BEARER)));
            }
            for (CompletableFuture<HttpResponse<String>> call : calls) {
                assertThat(call.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }

            assertThat(provider.state().mints()).isEqualTo(3);
            assertThat(metrics(broker))
                    .contains("replayed=\"true\"")
                    .doesNotContain("status=\"401\"");
        }
    }

    @Test
    void callIsMadeAgainOnceWithTheSameBody() throws Exception {
        AtomicReference<String> dead = new AtomicReference<>("");
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> {
                            String token = String.valueOf(call.header("authorization"));
                            dead.compareAndSet("", token);
                            boolean refused = token.equals(dead.get());
                            request.response()
                                    .setStatusCode(refused ? 401 : 201)
                                    .end(refused ? ZOOM_DEAD : call.body());
                        });
                Broker broker = broker(provider, upstream.url())) {
            HttpResponse<String> answer = post(broker, BodyPublishers.ofString("once"));

            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.body()).isEqualTo("once");
            assertThat(upstream.seen()).hasSize(2);
            assertThat(provider.state().mints()).isEqualTo(2);
        }
    }

    @Test
    void secondRefusalIsTheCallers() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) ->
                                request.response()
                                        .setStatusCode(401)
                                        .putHeader("X-Try", "1")
                                        .end(ZOOM_DEAD));
                Broker broker = broker(provider, upstream.url())) {
            HttpResponse<String> answer = get(api(broker, "/v2/x"), "Authorization", BEARER);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo(ZOOM_DEAD);
            assertThat(answer.headers().firstValue("X-Try")).contains("1");
            assertThat(upstream.seen()).hasSize(2);
            assertThat(provider.state().mints()).isEqualTo(2);
        }
    }

    @Test
    void refusalForAScopeMintsNothingAndComesWhole() throws Exception {
        String scopes =
                "{\"code\":4711,\"message\":\"Invalid access token, does not contain scopes:["
                        + "a, ".repeat(5000)
                        + "z].\"}";
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) ->
                                request.response().setStatusCode(401).end(scopes));
                Broker broker = broker(provider, upstream.url())) {
            HttpResponse<String> answer = get(api(broker, "/v2/x"), "Authorization", BEARER);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo(scopes);
            assertThat(upstream.seen()).hasSize(1);
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void otherProvidersSayItInTheHeader() throws Exception {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.app = app -> app.grant(App.Grant.CLIENT_CREDENTIALS).accountId("");
        AtomicInteger calls = new AtomicInteger();
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> {
                            int number = calls.incrementAndGet();
                            String error = number == 1 ? "invalid_token" : "insufficient_scope";
                            request.response()
                                    .setStatusCode(401)
                                    .putHeader("WWW-Authenticate", "Bearer error=\"" + error + "\"")
                                    .end("no");
                        });
                Broker broker = broker(provider, upstream.url(), settings)) {
            HttpResponse<String> answer = get(api(broker, "/v2/x"), "Authorization", BEARER);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .contains("Bearer error=\"insufficient_scope\"");
            assertThat(calls).hasValue(2);
            assertThat(provider.state().mints()).isEqualTo(2);
        }
    }

    @Test
    void bodyThatIsNotKeptIsNotSentTwiceButItsTokenIsReported() throws Exception {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.replayLimit = 10;
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl(), settings)) {
            get(api(broker, "/v2/users/me"), "Authorization", BEARER);
            provider.rival();

            HttpResponse<String> first = put(broker, "0123456789a");
            assertThat(first.statusCode()).isEqualTo(401);
            assertThat(put(broker, "0123456789a").statusCode()).isEqualTo(200);
            provider.rival();
            assertThat(put(broker, "0123456789").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void plannedMintWaitsForTheCallsInFlightAndTheNextOnesWaitForIt() throws Exception {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.answerWithin = Duration.ofSeconds(30);
        AtomicReference<HttpServerRequest> slow = new AtomicReference<>();
        try (Emulator provider = Emulator.builder().lifetime(Duration.ofSeconds(6)).start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> {
                            if (call.uri().endsWith("slow")) {
                                slow.set(request);
                            } else {
                                request.response()
                                        .end(String.valueOf(call.header("authorization")));
                            }
                        });
                Broker broker = broker(provider, upstream.url(), settings)) {
            String first = get(api(broker, "/v2/x"), "Authorization", BEARER).body();
            CompletableFuture<HttpResponse<String>> held = call(broker, "/v2/slow");
            CompletableFuture<String> next =
                    CompletableFuture.supplyAsync(() -> tokenAfter(broker, first));

            Await.until(
                    "a call waits for the next token",
                    Duration.ofSeconds(10),
                    () -> metrics(broker).contains("evergrant_proxy_waiting{app=\"zoom\"} 1.0"));
            long mintsMeanwhile = provider.state().mints();
            HttpServerRequest open = Objects.requireNonNull(slow.get());
            upstream.vertx().runOnContext(now -> open.response().end("late"));

            assertThat(mintsMeanwhile).isEqualTo(1);
            assertThat(held.get(10, TimeUnit.SECONDS).body()).isEqualTo("late");
            assertThat(next.get(10, TimeUnit.SECONDS)).startsWith("Bearer eyJ");
            assertThat(provider.state().mints()).isEqualTo(2);
        }
    }

    @Test
    void callsBeyondTheQueueAreToldToComeAgain() throws Exception {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.queue = 5;
        try (Emulator provider = Emulator.builder().latency(Duration.ofSeconds(2)).start();
                Broker broker = broker(provider, provider.apiUrl(), settings)) {
            List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(call(broker, "/v2/users/me"));
            }
            int served = 0;
            for (CompletableFuture<HttpResponse<String>> call : calls) {
                HttpResponse<String> answer = call.get(20, TimeUnit.SECONDS);
                served += answer.statusCode() == 200 ? 1 : 0;
                if (answer.statusCode() != 200) {
                    assertThat(answer.statusCode()).isEqualTo(503);
                    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
                }
            }

            assertThat(served).isEqualTo(5);
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void providerThatIsAwayIsSaidAsAtTheTokenEndpoint() {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.wait = Duration.ofMillis(500);
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl(), settings)) {
            provider.fault(Fault.ERROR_500, 100);

            HttpResponse<String> answer = get(api(broker, "/v2/x"), "Authorization", BEARER);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(Fixture.field(answer, "error")).isEqualTo("temporarily_unavailable");
        }
    }

    private static CompletableFuture<HttpResponse<String>> call(Broker broker, String path) {
        return Fixture.HTTP.sendAsync(
                HttpRequest.newBuilder(URI.create(api(broker, path)))
                        .header("Authorization", BEARER)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String tokenAfter(Broker broker, String before) {
        String seen = before;
        while (seen.equals(before)) {
            seen = get(api(broker, "/v2/x"), "Authorization", BEARER).body();
        }
        return seen;
    }

    private static String metrics(Broker broker) {
        return get(broker.url() + "/metrics").body();
    }

    private static HttpResponse<String> post(Broker broker, HttpRequest.BodyPublisher body) {
        return Fixture.send(
                HttpRequest.newBuilder(URI.create(api(broker, "/v2/x"))).POST(body),
                "Authorization",
                BEARER);
    }

    private static HttpResponse<String> put(Broker broker, String body) {
        return Fixture.send(
                HttpRequest.newBuilder(URI.create(api(broker, "/v2/files")))
                        .PUT(BodyPublishers.ofString(body)),
                "Authorization",
                BEARER);
    }
}
