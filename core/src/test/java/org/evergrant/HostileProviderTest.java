package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Minter.Answer;
import org.evergrant.spi.Minter.Doubtful;
import org.evergrant.spi.Minter.Minted;
import org.evergrant.spi.Minter.NotMinted;
import org.evergrant.spi.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers that break the protocol, or say in their errors what nobody should see. */
class HostileProviderTest {
    private static final String SECRET = "canary+secret/=";
    private static final String TOKEN = "eyJcanary.token-value";
    private static final String BASIC =
            Base64.getEncoder()
                    .encodeToString(("client:" + SECRET).getBytes(StandardCharsets.UTF_8));

    private final Minter minter = new HttpMinter();

    @AfterEach
    void close() {
        minter.close();
    }

    @Test
    void answerWithoutAStatusLineIsADoubtThatQuotesNothing() {
        String body = "{\"access_token\":\"" + TOKEN + "\",\"expires_in\":3599}\r\n\r\n";
        try (RawServer server = RawServer.that((connection, out) -> out.write(ascii(body)))) {
            assertThat(mint(app(server).build())).isInstanceOf(Doubtful.class);
        }
    }

    @Test
    void brokenHeaderLineIsADoubtThatQuotesNothing() {
        String head = "HTTP/1.1 200 OK\r\nX Token " + TOKEN + ": " + TOKEN + "\r\n\r\n";
        try (RawServer server = RawServer.that((connection, out) -> out.write(ascii(head)))) {
            assertThat(mint(app(server).build())).isInstanceOf(Doubtful.class);
        }
    }

    @Test
    void brokenLengthIsADoubtThatQuotesNothing() {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + TOKEN + "\r\n\r\n";
        try (RawServer server = RawServer.that((connection, out) -> out.write(ascii(head)))) {
            assertThat(mint(app(server).build())).isInstanceOf(Doubtful.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SECRET, "canary%2Bsecret%2F%3D"})
    void secretEchoedInAnyFormIsScrubbed(String echoed) {
        NotMinted refused =
                (NotMinted)
                        answerTo(
                                "400 Bad Request", "", "{\"error\":\"bad secret " + echoed + "\"}");

        assertThat(refused.detail()).contains("***");
    }

    @Test
    void authorizationHeaderEchoedIsScrubbed() {
        String body = "{\"error_description\":\"bad header Basic " + BASIC + "\"}";

        assertThat(((NotMinted) answerTo("401 Unauthorized", "", body)).detail()).contains("***");
    }

    @Test
    void redirectThatEchoesTheSecretInItsPathIsScrubbed() {
        String location = "Location: /login/" + SECRET + "/x\r\n";

        assertThat(((NotMinted) answerTo("301 Moved Permanently", location, "")).detail())
                .contains("/login/***");
    }

    @Test
    void refusalLargerThanTheLimitIsStillARefusal() {
        String page = "<html>" + "x".repeat(2 * LimitedBody.MOST_BYTES);

        NotMinted refused = (NotMinted) answerTo("404 Not Found", "", page);

        assertThat(refused.kind()).isEqualTo(Trouble.Kind.MISCONFIGURED);
        assertThat(refused.detail()).contains("404").contains("token-url");
    }

    @Test
    void refusalCutOffIsStillARefusal() {
        String half = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 500\r\n\r\n{\"error\":\"inv";
        try (RawServer server = RawServer.that((connection, out) -> out.write(ascii(half)))) {
            assertThat(mint(app(server).build())).isInstanceOf(NotMinted.class);
        }
    }

    @Test
    void refusalWhoseBodyNeverEndsIsStillARefusal() {
        CountDownLatch over = new CountDownLatch(1);
        String half = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 500\r\n\r\n{\"error\":\"inv";
        try (RawServer server =
                RawServer.that((connection, out) -> {
                    out.write(ascii(half));
                    out.flush();
                    over.await();
                })) {
            Answer answer = mint(app(server).mintDeadline(Duration.ofMillis(500)).build());
            over.countDown();

            assertThat(answer).isInstanceOf(NotMinted.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"401 Unauthorized", "407 Proxy Authentication Required"})
    void refusalThatAsksForNoSchemeIsStillARefusal(String status) {
        assertThat(((NotMinted) answerTo(status, "", "{\"error\":\"invalid_client\"}")).kind())
                .isEqualTo(Trouble.Kind.MISCONFIGURED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"t\"]", "12345", "true", "null", "{\"a\":\"t\"}", "\"\\u00e9\""})
    void accessTokenThatIsNoPlainStringIsADoubt(String sent) {
        assertThat(answerTo("200 OK", "", "{\"access_token\":" + sent + "}"))
                .isInstanceOf(Doubtful.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0001", "1e-300", "-1e400", "\"NaN\"", "\"Infinity\"", "315360001"})
    void lifeOfNothingOrForeverIsNoLife(String sent) {
        String body = "{\"access_token\":\"t\",\"expires_in\":" + sent + "}";

        assertThat(((Minted) answerTo("200 OK", "", body)).expiresIn()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"message\":\"success\",\"data\":{\"access_token\":\"t\"}}",
                "{\"code\":0,\"msg\":\"ok\",\"tenant_access_token\":\"t\"}",
                "{\"errcode\":0,\"errmsg\":\"ok\"}",
                "{\"reason\":\"minted\"}"
            })
    void successWhoseTokenIsElsewhereIsADoubt(String body) {
        assertThat(answerTo("200 OK", "", body)).isInstanceOf(Doubtful.class);
    }

    @Test
    void busyWeChatIsAskedAgainSoon() {
        String body = "{\"errcode\":-1,\"errmsg\":\"system error\"}";

        assertThat(((NotMinted) answerTo("200 OK", "", body)).kind())
                .isEqualTo(Trouble.Kind.UNREACHABLE);
    }

    @Test
    void scopeMayBeAList() {
        String body = "{\"access_token\":\"t\",\"scope\":[\"read\",\"write\"]}";

        assertThat(((Minted) answerTo("200 OK", "", body)).scope()).isEqualTo("read write");
    }

    @Test
    void resetTimeOfAnApiLimitSaysNothingAboutARefusedClient() {
        String reset = "X-RateLimit-Reset: 4102444800\r\n";
        String body = "{\"error\":\"invalid_client\"}";

        assertThat(((NotMinted) answerTo("400 Bad Request", reset, body)).retryAfter()).isEmpty();
        assertThat(((Doubtful) answerTo("500 Oops", reset, body)).retryAfter()).isEmpty();
        assertThat(((NotMinted) answerTo("429 Too Many Requests", reset, body)).retryAfter())
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "408 Request Timeout,other,UNREACHABLE",
        "425 Too Early,other,UNREACHABLE",
        "400 Bad Request,temporarily_unavailable,UNREACHABLE",
        "400 Bad Request,slow_down,RATE_LIMITED",
        "400 Bad Request,rate_limit_exceeded,RATE_LIMITED",
        "403 Forbidden,unauthorized_client,MISCONFIGURED",
        "405 Method Not Allowed,other,MISCONFIGURED"
    })
    void refusalHasTheKindThatItsReaderCanActOn(String status, String error, String kind) {
        NotMinted refused = (NotMinted) answerTo(status, "", "{\"error\":\"" + error + "\"}");

        assertThat(refused.kind()).isEqualTo(Trouble.Kind.valueOf(kind));
    }

    @Test
    void htmlWithStatus200SaysWhatToCheck() {
        Doubtful doubt =
                (Doubtful)
                        answerTo("200 OK", "Content-Type: text/html\r\n", "<!doctype html><p>Hi");

        assertThat(doubt.detail()).contains("HTML").contains("200").contains("token-url");
    }

    @Test
    void mangledBytesOfAWholeAnswerNeverThrowAndNeverLeak() {
        byte[] good =
                ascii(
                        "HTTP/1.1 200 OK\r\nContent-Length: 64\r\nDate: x\r\n\r\n"
                                + "{\"access_token\":\""
                                + TOKEN
                                + "\",\"expires_in\":3599}");
        Random random = new Random(7);
        byte[][] next = {good};
        try (RawServer server = RawServer.that((connection, out) -> out.write(next[0]))) {
            App app = app(server).mintDeadline(Duration.ofSeconds(5)).build();
            for (int round = 0; round < 400; round++) {
                byte[] bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length));
                for (int hits = random.nextInt(4); hits > 0; hits--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                next[0] = bytes;

                assertThat(mint(app)).isNotNull();
            }
        }
    }

    @Test
    void closedPeerThatReadsNothingIsADoubt() {
        try (RawServer server = RawServer.deaf()) {
            assertThat(mint(app(server).build())).isInstanceOf(Doubtful.class);
        }
    }

    @Test
    void dripWithoutALengthIsADoubtAtTheDeadline() {
        try (RawServer server =
                RawServer.that((connection, out) -> {
                    out.write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
                    for (int i = 0; i < 500 && !connection.isClosed(); i++) {
                        out.write(' ');
                        out.flush();
                        TimeUnit.MILLISECONDS.sleep(10);
                    }
                })) {
            long began = System.nanoTime();

            Answer answer = mint(app(server).mintDeadline(Duration.ofMillis(300)).build());

            assertThat(answer).isInstanceOf(Doubtful.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void endlessHeadersAreADoubt() {
        try (RawServer server =
                RawServer.that((connection, out) -> {
                    out.write(ascii("HTTP/1.1 200 OK\r\n"));
                    for (int i = 0; i < 200_000; i++) {
                        out.write(ascii("X-" + i + ": " + "y".repeat(100) + "\r\n"));
                    }
                })) {
            assertThat(mint(app(server).mintDeadline(Duration.ofSeconds(5)).build()))
                    .isInstanceOf(Doubtful.class);
        }
    }

    @Test
    void connectionThatNeverComesAboutIsSurelyNotMinted() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            URI url = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/");

            Answer answer = mint(app(url).mintDeadline(Duration.ofMillis(400)).build());

            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertThat(((NotMinted) answer).kind()).isEqualTo(Trouble.Kind.UNREACHABLE);
            assertThat(((NotMinted) answer).retryAfter()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void handshakeThatStallsOrBreaksOffIsSurelyNotMinted() {
        try (RawServer stalls = RawServer.silent();
                RawServer breaksOff = RawServer.deaf()) {
            URI stalling = URI.create("https://127.0.0.1:" + stalls.port() + "/");
            URI breaking = URI.create("https://127.0.0.1:" + breaksOff.port() + "/");

            Answer late = mint(app(stalling).mintDeadline(Duration.ofMillis(400)).build());
            Answer cut = mint(app(breaking).build());

            assertThat(((NotMinted) late).kind()).isEqualTo(Trouble.Kind.UNREACHABLE);
            assertThat(((NotMinted) cut).kind()).isEqualTo(Trouble.Kind.UNREACHABLE);
        }
    }

    @Test
    void requestWithNothingInItsBodyLeavesADoubt() {
        try (RawServer server = RawServer.silent()) {
            App app =
                    app(server)
                            .parameters(App.Parameters.QUERY)
                            .mintDeadline(Duration.ofMillis(400))
                            .build();

            assertThat(mint(app)).isInstanceOf(Doubtful.class);
        }
    }

    private Answer answerTo(String status, String headers, String body) {
        try (RawServer server = RawServer.answering(status, headers, body)) {
            return mint(app(server).build());
        }
    }

    private Answer mint(App app) {
        Answer answer = minter.mint(app, 0).orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(answer.toString())
                .doesNotContain(SECRET)
                .doesNotContain("canary%2Bsecret")
                .doesNotContain(BASIC)
                .doesNotContain(TOKEN);
        return answer;
    }

    private static App.Builder app(RawServer server) {
        return app(server.url());
    }

    private static App.Builder app(URI tokenUrl) {
        return App.zoom(AppId.of("zoom"))
                .tokenUrl(tokenUrl)
                .accountId("account")
                .clientId("client")
                .clientSecret(Secret.of(SECRET));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
