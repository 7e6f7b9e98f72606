package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.broker.Fixture.field;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.Fixture.raw;
import static org.evergrant.broker.ProxyFixture.BEARER;
import static org.evergrant.broker.ProxyFixture.api;
import static org.evergrant.broker.ProxyFixture.broker;

import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.evergrant.emulator.Emulator;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bodies of any length, both ways, and connections that end where they should not. */
@ExtendWith(NothingLeft.class)
final class ProxyStreamTest {
    private static final int LONG = 20_000_000;
    private static final String HEAD =
            "Host: x\r\nConnection: close\r\nAuthorization: " + BEARER + "\r\n";

    @Test
    void longBodiesGoThroughWhole() throws Exception {
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl())) {
            HttpResponse<byte[]> down =
                    Fixture.HTTP.send(
                            HttpRequest.newBuilder(URI.create(api(broker, "/v2/files/" + LONG)))
                                    .header("Authorization", BEARER)
                                    .build(),
                            BodyHandlers.ofByteArray());
            assertThat(down.body()).hasSize(LONG);
            assertThat(down.body()[LONG - 1]).isEqualTo((byte) ((LONG - 1) % 251));

            for (HttpRequest.BodyPublisher body :
                    List.of(
                            BodyPublishers.ofByteArray(down.body()),
                            BodyPublishers.ofInputStream(
                                    () -> new ByteArrayInputStream(down.body())))) {
                HttpResponse<String> up = put(broker, body);
                assertThat(up.statusCode()).isEqualTo(200);
                assertThat(field(up, "bytes")).isEqualTo(Integer.toString(LONG));
            }
        }
    }

    @Test
    void callerWhoWaitsForLeaveGetsItOnlyWhenTheApiGivesItsOwn() throws Exception {
        AtomicReference<HttpServerRequest> arrived = new AtomicReference<>();
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.early((request, call) -> {
                            arrived.set(request);
                            request.pause();
                        });
                Broker broker = broker(provider, upstream.url());
                Socket caller = connect(broker)) {
            write(
                    caller,
                    "PUT /apps/zoom/api/v2/files HTTP/1.1\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 100000\r\n"
                            + HEAD
                            + "\r\n");
            Await.until("the head arrives", Duration.ofSeconds(5), () -> arrived.get() != null);
            HttpServerRequest request = Objects.requireNonNull(arrived.get());
            assertThat(request.getHeader("Expect")).isEqualTo("100-continue");
            upstream.vertx().runOnContext(now -> request.response().setStatusCode(413).end("no"));

            String answer =
                    new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 413 ").doesNotContain("100 Continue");
        }
    }

    @Test
    void bodyThatNobodyHasSentYetSurvivesADeadToken() throws Exception {
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
                                return;
                            }
                            request.response().writeContinue();
                            request.body()
                                    .onSuccess(
                                            body -> request.response().end("got " + body.length()));
                        });
                Broker broker = broker(provider, upstream.url());
                Socket caller = connect(broker)) {
            write(
                    caller,
                    "PUT /apps/zoom/api/v2/files HTTP/1.1\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 100000\r\n"
                            + HEAD
                            + "\r\n");
            assertThat(line(caller.getInputStream())).isEqualTo("HTTP/1.1 100 Continue");
            write(caller, "x".repeat(100_000));

            assertThat(new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("HTTP/1.1 200 OK")
                    .endsWith("got 100000");
            assertThat(tokens).hasSize(2).doesNotHaveDuplicates();
            assertThat(provider.state().mints()).isEqualTo(2);
        }
    }

    @Test
    void shortBodyIsAskedForByTheProxyItself() throws Exception {
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl());
                Socket caller = connect(broker)) {
            write(
                    caller,
                    "PUT /apps/zoom/api/v2/files HTTP/1.1\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 5\r\n"
                            + HEAD
                            + "\r\n");
            assertThat(line(caller.getInputStream())).isEqualTo("HTTP/1.1 100 Continue");
            write(caller, "hello");

            assertThat(new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"bytes\":5");
        }
    }

    @Test
    void trailersEndAtTheProxy() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> {
                            request.response().setChunked(true).putHeader("Trailer", "X-Sum");
                            request.response().putTrailer("X-Sum", "1");
                            request.response().end(call.body());
                        });
                Broker broker = broker(provider, upstream.url())) {
            String answer =
                    raw(
                            broker.port(),
                            "POST /apps/zoom/api/v2/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                                    + "Trailer: Authorization\r\n"
                                    + HEAD
                                    + "\r\n5\r\nhello\r\n0\r\nAuthorization: evil\r\n\r\n");

            assertThat(answer).contains("hello").doesNotContainIgnoringCase("x-sum");
            assertThat(upstream.last().body()).isEqualTo("hello");
            assertThat(upstream.last().header("authorization")).startsWith("Bearer eyJ");
        }
    }

    @Test
    void callerOfAnOldVersionGetsTheWholeAnswer() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) ->
                                request.response().setChunked(true).end("in chunks"));
                Broker broker = broker(provider, upstream.url())) {
            String answer =
                    raw(broker.port(), "GET /apps/zoom/api/v2/x HTTP/1.0\r\n" + HEAD + "\r\n");

            assertThat(answer).startsWith("HTTP/1.0 200").endsWith("\r\n\r\nin chunks");
        }
    }

    @Test
    void versionTwoIsTakenWithAndWithoutAnUpgrade() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) ->
                                request.response().setChunked(true).end(call.body()));
                Broker broker = broker(provider, upstream.url());
                HttpClient two =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            for (String body : List.of("first", "second", "x".repeat(300_000))) {
                HttpResponse<String> answer =
                        two.send(
                                HttpRequest.newBuilder(URI.create(api(broker, "/v2/x")))
                                        .header("Authorization", BEARER)
                                        .POST(BodyPublishers.ofString(body))
                                        .build(),
                                BodyHandlers.ofString());

                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(body);
                assertThat(upstream.last().header("http2-settings")).isNull();
            }
            HttpResponse<String> bodiless =
                    two.send(
                            HttpRequest.newBuilder(URI.create(api(broker, "/v2/y?q=1")))
                                    .header("Authorization", BEARER)
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(bodiless.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(upstream.last().uri()).isEqualTo("/v2/y?q=1");
            assertThat(upstream.last().header("via")).isEqualTo("2 evergrant");
            assertThat(upstream.last().header("transfer-encoding")).isNull();
            assertThat(statuses(broker)).containsOnly("200");
        }
    }

    /** Returns what the broker has counted calls as. */
    private static Set<String> statuses(Broker broker) throws Exception {
        return Pattern.compile("evergrant_proxy_calls_total\\{.*status=\"(\\d+)\"")
                .matcher(get(broker.url() + "/metrics").body())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void apiThatIsNotThereIsSaid() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, "http://127.0.0.1:" + port)) {
            HttpResponse<String> answer = get(api(broker, "/v2/x"), "Authorization", BEARER);

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(field(answer, "error")).isEqualTo("bad_gateway");
        }
    }

    @Test
    void apiThatSaysNothingIsGivenUpAndItsConnectionClosed() throws Exception {
        ProxyFixture.Settings settings = new ProxyFixture.Settings();
        settings.answerWithin = Duration.ofMillis(300);
        try (Emulator provider = Emulator.start();
                RecordingApi upstream = RecordingApi.start((request, call) -> {});
                Broker broker = broker(provider, upstream.url(), settings)) {
            HttpResponse<String> answer = get(api(broker, "/v2/x"), "Authorization", BEARER);

            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(field(answer, "error")).isEqualTo("gateway_timeout");
            Await.until("it is closed", Duration.ofSeconds(5), () -> upstream.connections() == 0);
        }
    }

    @Test
    void answerThatBreaksOffIsNoWholeAnswer() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> {
                            request.response().putHeader("Content-Length", "100000");
                            request.response().write("x".repeat(20_000));
                            request.connection().close();
                        });
                Broker broker = broker(provider, upstream.url())) {
            assertThatThrownBy(() ->
                            Fixture.HTTP.send(
                                    HttpRequest.newBuilder(URI.create(api(broker, "/v2/x")))
                                            .header("Authorization", BEARER)
                                            .build(),
                                    BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void callOnAConnectionThatTheApiClosedMeanwhileIsMadeAgain() throws Exception {
        List<Integer> numbers = new ArrayList<>();
        try (Emulator provider = Emulator.start();
                RecordingApi upstream =
                        RecordingApi.start((request, call) -> {
                            numbers.add(numbers.size());
                            if (numbers.size() == 2) {
                                request.connection().close();
                            } else {
                                request.response().end("ok");
                            }
                        });
                Broker broker = broker(provider, upstream.url())) {
            assertThat(get(api(broker, "/v2/x"), "Authorization", BEARER).statusCode())
                    .isEqualTo(200);
            assertThat(get(api(broker, "/v2/x"), "Authorization", BEARER).statusCode())
                    .isEqualTo(200);
            assertThat(numbers).hasSize(3);
        }
    }

    @Test
    void callerWhoLeavesEndsTheCall() throws Exception {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream = RecordingApi.start((request, call) -> {});
                Broker broker = broker(provider, upstream.url())) {
            try (Socket caller = connect(broker)) {
                write(caller, "GET /apps/zoom/api/v2/x HTTP/1.1\r\n" + HEAD + "\r\n");
                Await.until(
                        "the call arrives",
                        Duration.ofSeconds(5),
                        () -> !upstream.seen().isEmpty());
            }

            Await.until("it is closed", Duration.ofSeconds(5), () -> upstream.connections() == 0);
            Await.until(
                    "it is counted",
                    Duration.ofSeconds(5),
                    () -> get(broker.url() + "/metrics").body().contains("status=\"499\""));
            assertThat(get(broker.url() + "/metrics").body())
                    .contains("evergrant_proxy_in_flight{app=\"zoom\"} 0.0");
        }
    }

    private static HttpResponse<String> put(Broker broker, HttpRequest.BodyPublisher body)
            throws Exception {
        return Fixture.HTTP.send(
                HttpRequest.newBuilder(URI.create(api(broker, "/v2/files")))
                        .header("Authorization", BEARER)
                        .PUT(body)
                        .build(),
                BodyHandlers.ofString());
    }

    private static Socket connect(Broker broker) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
