package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.BASIC;
import static org.evergrant.broker.Fixture.CANARY;
import static org.evergrant.broker.Fixture.GRANT;
import static org.evergrant.broker.Fixture.basic;
import static org.evergrant.broker.Fixture.field;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.Fixture.post;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MemoryStore;
import org.evergrant.StoreException;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.config.Listen;
import org.evergrant.broker.config.StoreSpec;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Fault;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
final class BrokerTest {
    @TempDir Path folder;

    @Test
    void hundredAtOnceOnAColdAppCauseOneMint() throws Exception {
        try (Emulator emulator = Emulator.builder().latency(Duration.ofMillis(100)).start();
                Broker broker = broker(emulator)) {
            List<CompletableFuture<HttpResponse<String>>> asks = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                asks.add(ask(broker));
            }
            for (CompletableFuture<HttpResponse<String>> ask : asks) {
                assertThat(ask.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }

            assertThat(emulator.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void twoBrokersOnOneFileShareOneMint() {
        try (Emulator emulator = Emulator.start()) {
            Configuration memory = Fixture.configuration(Fixture.zoom(emulator.tokenUrl()).build());
            Configuration shared =
                    new Configuration(
                            memory.source(),
                            memory.listen(),
                            new StoreSpec.Sqlite(folder.resolve("s.db"), null),
                            memory.apps(),
                            memory.callers(),
                            memory.longestWait(),
                            null);
            try (Broker one = Broker.start(shared);
                    Broker other = Broker.start(shared)) {
                String first = field(token(one), "access_token");
                String second = field(token(other), "access_token");
                HttpResponse<String> seen = get(other.url() + "/v1/apps/zoom");

                assertThat(second).isEqualTo(first);
                assertThat(field(seen, "generation")).isEqualTo("1");
            }
            try (Broker again = Broker.start(shared)) {
                assertThat(field(get(again.url() + "/v1/apps"), "generation")).isEqualTo("1");
                assertThat(token(again).statusCode()).isEqualTo(200);
            }
            assertThat(emulator.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void rejectedTokenIsRenewedOnceHoweverManySaySo() throws Exception {
        try (Emulator emulator = Emulator.start();
                Broker broker = broker(emulator)) {
            String old = field(token(broker), "access_token");
            emulator.rival();

            List<CompletableFuture<HttpResponse<String>>> reports = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                reports.add(CompletableFuture.supplyAsync(() -> report(broker, old)));
            }
            int renewed = 0;
            for (CompletableFuture<HttpResponse<String>> report : reports) {
                HttpResponse<String> answer = report.get(10, TimeUnit.SECONDS);
                assertThat(answer.statusCode()).isEqualTo(200);
                renewed += field(answer, "renewed").equals("true") ? 1 : 0;
            }

            assertThat(renewed).isPositive();
            assertThat(field(token(broker), "access_token")).isNotEqualTo(old);
            assertThat(emulator.state().mints()).isEqualTo(3);
            assertThat(field(report(broker, old), "renewed")).isEqualTo("false");
            assertThat(field(report(broker, "unknown"), "renewed")).isEqualTo("false");
            assertThat(
                            post(broker.url() + "/apps/zoom/rejected", "", "Authorization", BASIC)
                                    .statusCode())
                    .isEqualTo(400);
            assertThat(
                            post(
                                            broker.url() + "/apps/zoom/rejected?token=" + old,
                                            "",
                                            "Authorization",
                                            BASIC)
                                    .statusCode())
                    .isEqualTo(400);
            // From this machine the token is credential enough; from behind a proxy it is not.
            String rejected = broker.url() + "/apps/zoom/rejected";
            assertThat(post(rejected, "token=" + old).body()).isEqualTo("{\"renewed\":false}");
            assertThat(post(rejected, "token=" + old, "X-Forwarded-For", "10.0.0.1").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void providerAwayIsTryAgainLater() {
        try (Emulator emulator = Emulator.start();
                Broker broker = broker(emulator)) {
            emulator.fault(Fault.ERROR_500, 1000);

            HttpResponse<String> answer = token(broker);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(field(answer, "error")).isEqualTo("temporarily_unavailable");
            assertThat(field(answer, "reason")).isEqualTo("Service Unavailable");
            assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
                    .isPositive();
            assertThat(get(broker.url() + "/v1/apps/zoom").body()).contains("\"kind\":\"doubt\"");
            assertThat(get(broker.url() + "/").body()).contains("doubt");
        }
    }

    @Test
    void refusedAppIsAPersonsBusiness() {
        try (Emulator emulator = Emulator.start()) {
            App wrong =
                    Fixture.zoom(emulator.tokenUrl())
                            .clientSecret(org.evergrant.Secret.of(CANARY))
                            .build();
            try (Broker broker = Broker.start(Fixture.configuration(wrong))) {
                HttpResponse<String> answer =
                        post(
                                broker.url() + "/apps/zoom/oauth/token",
                                GRANT,
                                "Authorization",
                                basic(Emulator.DEMO_CLIENT, CANARY));

                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(field(answer, "error")).isEqualTo("server_error");
                assertThat(answer.headers().firstValue("Retry-After")).contains("60");
                assertThat(answer.body()).doesNotContain(CANARY);
            }
        }
    }

    @Test
    void storeAwayIsNotReady() {
        try (Emulator emulator = Emulator.start()) {
            SickStore store = new SickStore();
            try (Broker broker =
                    Broker.start(
                            Fixture.configuration(Fixture.zoom(emulator.tokenUrl()).build()),
                            store)) {
                assertThat(get(broker.url() + "/readyz").statusCode()).isEqualTo(200);
                store.sick = true;

                await(() -> get(broker.url() + "/readyz").statusCode() == 503);
                HttpResponse<String> answer = token(broker);

                assertThat(get(broker.url() + "/healthz").statusCode()).isEqualTo(200);
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(report(broker, "any").statusCode()).isEqualTo(503);
                assertThat(get(broker.url() + "/metrics").body())
                        .contains("evergrant_store_reachable 0.0");
                assertThat(get(broker.url() + "/v1/apps").statusCode()).isEqualTo(200);

                store.sick = false;
                await(() -> get(broker.url() + "/readyz").statusCode() == 200);
                await(() -> token(broker).statusCode() == 200);
            }
        }
    }

    @Test
    void statusAndMetricsShowEverythingButTokens() {
        try (Emulator emulator = Emulator.start();
                Broker broker = broker(emulator)) {
            String token = field(token(broker), "access_token");
            token(broker);
            post(broker.url() + "/oauth/token", GRANT, "Authorization", basic("x", CANARY));

            String metrics = get(broker.url() + "/metrics").body();
            String apps = get(broker.url() + "/v1/apps").body();
            HttpResponse<String> page = get(broker.url() + "/");

            assertThat(metrics)
                    .contains(
                            "evergrant_mints_total{app=\"zoom\",outcome=\"minted\"} 1.0",
                            "evergrant_mint_seconds_count{app=\"zoom\"} 1",
                            "evergrant_handouts_total{app=\"zoom\",door=\"token\",outcome=\"served\"}"
                                + " 2.0",
                            "evergrant_wait_seconds_count{app=\"zoom\"} 1",
                            "evergrant_rejections_total{app=\"zoom\",newest=\"true\"} 0.0",
                            "evergrant_adoptions_total{app=\"zoom\"} 0.0",
                            "evergrant_token_life_left_seconds{app=\"zoom\"} 35",
                            "evergrant_generation{app=\"zoom\"} 1.0",
                            "evergrant_trouble{app=\"zoom\",kind=\"doubt\"} 0.0",
                            "evergrant_store_reachable 1.0",
                            "evergrant_auth_failures_total 1.0");
            assertThat(apps)
                    .contains("\"app\":\"zoom\"", "\"generation\":1", "\"standing\":\"good\"");
            assertThat(page.body()).contains("<td>zoom", "<td>newest-only", "<td>good");
            assertThat(page.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(
                            policy -> assertThat(policy).contains("default-src 'none'"));
            assertThat(get(broker.url() + "/v1/apps/none").statusCode()).isEqualTo(404);
            for (String seen : List.of(metrics, apps, page.body())) {
                assertThat(seen)
                        .doesNotContain(token)
                        .doesNotContain(Emulator.DEMO_SECRET)
                        .doesNotContain(CANARY);
            }
        }
    }

    @Test
    void statusIsOpenToThisMachineOnly() throws Exception {
        try (Emulator emulator = Emulator.start()) {
            Configuration base = Fixture.configuration(Fixture.zoom(emulator.tokenUrl()).build());
            try (Broker local = Broker.start(base);
                    Broker wide = Broker.start(base.withListen(new Listen("0.0.0.0", 0)))) {
                for (String path :
                        List.of("/", "/metrics", "/v1/apps", "/v1/apps/zoom", "/v1/events")) {
                    assertThat(get(wide.url() + path).statusCode()).as(path).isEqualTo(401);
                    assertThat(
                                    Fixture.raw(
                                            local.port(),
                                            "GET "
                                                    + path
                                                    + " HTTP/1.0\r\nHost: evil.example\r\n\r\n"))
                            .as(path)
                            .startsWith("HTTP/1.0 401");
                }
                assertThat(
                                get(local.url() + "/v1/apps", "X-Forwarded-For", "10.0.0.1")
                                        .statusCode())
                        .isEqualTo(401);
                assertThat(get(wide.url() + "/metrics", "Authorization", BASIC).statusCode())
                        .isEqualTo(200);
                assertThat(get(wide.url() + "/healthz").statusCode()).isEqualTo(200);
                assertThat(get(wide.url() + "/readyz").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void eventsTellWhatHappens() throws Exception {
        try (Emulator emulator = Emulator.start();
                Broker broker = broker(emulator)) {
            HttpResponse<InputStream> stream =
                    Fixture.HTTP.send(
                            HttpRequest.newBuilder(URI.create(broker.url() + "/v1/events")).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
            String token;
            StringBuilder heard = new StringBuilder();
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                heard.append(lines.readLine());
                token = field(token(broker), "access_token");
                report(broker, token);
                while (!heard.toString().contains("\"generation\":2")) {
                    heard.append(lines.readLine()).append('\n');
                }
            }

            assertThat(heard.toString())
                    .contains("event: app", "event: minted", "event: rejected")
                    .doesNotContain(token);
        }
    }

    @Test
    void stoppingLetsRequestsUnderWayEnd() throws Exception {
        try (Emulator emulator = Emulator.builder().latency(Duration.ofMillis(600)).start()) {
            Broker broker = broker(emulator);
            int port = broker.port();
            try (Socket events = new Socket(InetAddress.getLoopbackAddress(), port)) {
                events.getOutputStream()
                        .write(
                                "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(events.getInputStream().read()).isPositive();
                CompletableFuture<HttpResponse<String>> waiting = ask(broker);
                await(() -> get(broker.url() + "/v1/apps").body().contains("\"claim\""));

                Instant before = Instant.now();
                broker.close();

                assertThat(Duration.between(before, Instant.now()))
                        .isLessThan(Duration.ofSeconds(4));
                assertThat(waiting.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
                assertThat(
                                new String(
                                        events.getInputStream().readAllBytes(),
                                        StandardCharsets.UTF_8))
                        .endsWith("0\r\n\r\n");
            }
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> new Socket(InetAddress.getLoopbackAddress(), port))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void wrongCredentialsWaitLongerEachTimeAndRightOnesNever() {
        try (Emulator emulator = Emulator.start();
                Broker broker = broker(emulator)) {
            token(broker);
            String url = broker.url() + "/apps/zoom/oauth/token";
            Instant before = Instant.now();
            for (int i = 0; i < 3; i++) {
                post(url, GRANT, "Authorization", basic(Emulator.DEMO_CLIENT, "wrong"));
            }
            Duration three = Duration.between(before, Instant.now());
            Instant middle = Instant.now();
            token(broker);

            assertThat(three).isGreaterThan(Duration.ofMillis(690));
            assertThat(Duration.between(middle, Instant.now())).isLessThan(Duration.ofMillis(90));
        }
    }

    private static Broker broker(Emulator emulator) {
        return Broker.start(Fixture.configuration(Fixture.zoom(emulator.tokenUrl()).build()));
    }

    private static HttpResponse<String> token(Broker broker) {
        return post(broker.url() + "/apps/zoom/oauth/token", GRANT, "Authorization", BASIC);
    }

    private static CompletableFuture<HttpResponse<String>> ask(Broker broker) {
        return Fixture.HTTP.sendAsync(
                HttpRequest.newBuilder(URI.create(broker.url() + "/apps/zoom/oauth/token"))
                        .header("Authorization", BASIC)
                        .POST(HttpRequest.BodyPublishers.ofString(GRANT))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> report(Broker broker, String token) {
        return post(broker.url() + "/apps/zoom/rejected", "token=" + token, "Authorization", BASIC);
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the deadline").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** A memory store that can be away. */
    private static final class SickStore implements Store {
        private final Store healthy = MemoryStore.create();
        private volatile boolean sick;

        @Override
        public Versioned read(AppId app) {
            check();
            return healthy.read(app);
        }

        @Override
        public boolean cas(AppId app, long version, AppRecord record) {
            check();
            return healthy.cas(app, version, record);
        }

        @Override
        public Watch watch(AppId app, Listener listener) {
            check();
            return healthy.watch(app, listener);
        }

        @Override
        public Instant now() {
            return healthy.now();
        }

        @Override
        public void close() {
            healthy.close();
        }

        private void check() {
            if (sick) {
                throw new StoreException("the store is sick");
            }
        }
    }
}
