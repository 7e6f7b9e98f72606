package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Minter.Answer;
import org.evergrant.spi.Minter.Doubtful;
import org.evergrant.spi.Minter.Minted;
import org.evergrant.spi.Minter.NotMinted;
import org.evergrant.spi.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpMinterTest {
    private static final String CANARY = "canary-secret";
    private static final String TOKEN = "eyJcanary.token-value";
    private static final String GOOD =
            "{\"access_token\":\""
                    + TOKEN
                    + "\",\"token_type\":\"bearer\",\"expires_in\":3599,"
                    + "\"scope\":\"a b\",\"api_url\":\"https://api-us.zoom.us\"}";

    private final Minter minter = new HttpMinter();

    @AfterEach
    void close() {
        minter.close();
    }

    @Test
    void basicCredentialsAndAFormAreTheDefault() {
        try (RawServer server = RawServer.answeringJson(GOOD)) {
            mint(zoom(server.url()).build(), 0);

            String request = server.requests().get(0);
            assertThat(request)
                    .startsWith("POST /oauth/token HTTP/1.1\r\n")
                    .contains("Authorization: Basic Y2xpZW50OmNhbmFyeS1zZWNyZXQ=\r\n")
                    .endsWith("\r\n\r\ngrant_type=account_credentials&account_id=account");
        }
    }

    @Test
    void bodyCredentialsGoIntoTheFormAlsoWhenTheRestIsInTheQuery() {
        App.Builder app =
                zoom(URI.create("http://unused"))
                        .authentication(App.Authentication.BODY)
                        .parameters(App.Parameters.QUERY);
        try (RawServer server = RawServer.answeringJson(GOOD)) {
            mint(app.tokenUrl(URI.create(server.url() + "?v=1")).build(), 0);

            assertThat(server.requests().get(0))
                    .startsWith(
                            "POST /oauth/token?v=1&grant_type=account_credentials"
                                    + "&account_id=account HTTP/1.1\r\n")
                    .doesNotContain("Authorization")
                    .endsWith("\r\n\r\nclient_id=client&client_secret=canary-secret");
        }
    }

    @Test
    void clientCredentialsGrantSendsNoAccount() {
        try (RawServer server = RawServer.answeringJson(GOOD)) {
            App app =
                    zoom(server.url())
                            .grant(App.Grant.CLIENT_CREDENTIALS)
                            .scope("read write")
                            .build();
            mint(app, 0);

            assertThat(server.requests().get(0))
                    .endsWith("\r\n\r\ngrant_type=client_credentials&scope=read+write");
        }
    }

    @ParameterizedTest
    @CsvSource({"indexed:2,0,true", "indexed:2,1,true", "keep-all,0,false", "newest:2,0,false"})
    void indexIsSentWhereTheProviderHasIndexes(String retention, int index, boolean sent) {
        try (RawServer server = RawServer.answeringJson(GOOD)) {
            mint(zoom(server.url()).retention(Retention.parse(retention)).build(), index);

            assertThat(server.requests().get(0).contains("&token_index=" + index)).isEqualTo(sent);
        }
    }

    @Test
    void wholeAnswerIsAToken() {
        Minted minted = (Minted) answerTo("200 OK", "", GOOD);

        assertThat(minted.value().reveal()).isEqualTo(TOKEN);
        assertThat(minted.type()).isEqualTo("bearer");
        assertThat(minted.scope()).isEqualTo("a b");
        assertThat(minted.apiUrl()).isEqualTo("https://api-us.zoom.us");
        assertThat(minted.expiresIn()).contains(Duration.ofSeconds(3599));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"3600\"|3600000",
                "12.5|12500",
                "0|-1",
                "-5|-1",
                "1e99|-1",
                "\"soon\"|-1",
                "null|-1",
                "[]|-1"
            })
    void expiresInIsTakenAsFarAsItMakesSense(String sent, long ms) {
        String body = "{\"access_token\":\"t\",\"expires_in\":" + sent + "}";

        Minted minted = (Minted) answerTo("200 OK", "", body);

        assertThat(minted.expiresIn())
                .isEqualTo(ms < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(ms)));
    }

    @Test
    void missingFieldsHaveDefaults() {
        Minted minted = (Minted) answerTo("200 OK", "", "{\"access_token\":\"t\"}");

        assertThat(minted.type()).isEqualTo("bearer");
        assertThat(minted.scope()).isEmpty();
        assertThat(minted.apiUrl()).isEmpty();
        assertThat(minted.expiresIn()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host",
                "https://user:pass@host",
                "javascript:alert(1)",
                "https://",
                "no url"
            })
    void apiUrlThatIsNoPlainWebAddressIsDropped(String url) {
        String body = "{\"access_token\":\"t\",\"api_url\":\"" + url + "\"}";

        assertThat(((Minted) answerTo("200 OK", "", body)).apiUrl()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"access_token\":\"two words\"}",
                "{\"access_token\":\"line\\r\\nend\"}",
                "{\"access_token\":\"\"}",
                "{\"access_token\":{}}",
                "{\"ok\":true}",
                "{\"access_token\":\"half",
                "{\"access_token\":\"t\"} trailing",
                "{\"access_token\":\"t\",\"access_token\":\"u\"}",
                "[1]",
                "<html>hello</html>",
                ""
            })
    void unreadableSuccessIsADoubt(String body) {
        assertThat(answerTo("200 OK", "", body)).isInstanceOf(Doubtful.class);
    }

    @Test
    void zoomsRefusalIsAMisconfigurationInItsOwnWords() {
        String body =
                "{\"reason\":\"Invalid client_id or client_secret\",\"error\":\"invalid_client\"}";

        NotMinted refused = (NotMinted) answerTo("400 Bad Request", "", body);

        assertThat(refused.kind()).isEqualTo(Trouble.Kind.MISCONFIGURED);
        assertThat(refused.detail())
                .isEqualTo("answered 400: 'invalid_client', 'Invalid client_id or client_secret'");
    }

    @Test
    void refusalWithStatus200IsARefusal() {
        Answer zoho =
                answerTo(
                        "200 OK",
                        "",
                        "{\"error\":\"Access Denied\",\"error_description\":\"You have made too"
                                + " many requests continuously\"}");
        Answer weChat = answerTo("200 OK", "", "{\"errcode\":40013,\"errmsg\":\"invalid appid\"}");

        assertThat(((NotMinted) zoho).kind()).isEqualTo(Trouble.Kind.RATE_LIMITED);
        assertThat(((NotMinted) weChat).kind()).isEqualTo(Trouble.Kind.MISCONFIGURED);
    }

    @Test
    void refusedIndexIsToldFromARefusedApp() {
        String body =
                "{\"reason\":\"The token ID is out of the token tolerance range.\","
                        + "\"error\":\"invalid_request\"}";
        try (RawServer server = RawServer.answering("400 Bad Request", "", body)) {
            App app = zoom(server.url()).retention(Retention.indexed(3)).build();

            assertThat(((NotMinted) mint(app, 2)).kind()).isEqualTo(Trouble.Kind.INDEX);
            assertThat(((NotMinted) mint(app, 0)).kind()).isEqualTo(Trouble.Kind.MISCONFIGURED);
        }
    }

    @Test
    void tooManyRequestsIsALimitWithItsTime() {
        NotMinted limited = (NotMinted) answerTo("429 Too Many Requests", "Retry-After: 7\r\n", "");

        assertThat(limited.kind()).isEqualTo(Trouble.Kind.RATE_LIMITED);
        assertThat(limited.retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void serverErrorIsADoubtWithItsTime() {
        Doubtful doubt =
                (Doubtful) answerTo("503 Service Unavailable", "Retry-After: 3\r\n", "sorry");

        assertThat(doubt.retryAfter()).contains(Duration.ofSeconds(3));
    }

    @Test
    void redirectIsNotFollowedAndNamesItsTargetWithoutTheQuery() {
        NotMinted refused =
                (NotMinted)
                        answerTo(
                                "302 Found",
                                "Location: https://user:pw@login.example/x?token=abc\r\n",
                                "");

        assertThat(refused.kind()).isEqualTo(Trouble.Kind.MISCONFIGURED);
        assertThat(refused.detail())
                .contains("https://***@login.example/x")
                .doesNotContain("abc")
                .doesNotContain("pw");
    }

    @Test
    void credentialsThatTheProviderEchoesAreScrubbed() {
        String body = "{\"error\":\"no client with secret " + CANARY + "\"}";

        NotMinted refused = (NotMinted) answerTo("400 Bad Request", "", body);

        assertThat(refused.detail()).doesNotContain(CANARY).contains("***");
    }

    @Test
    void refusedConnectionIsSurelyNotMinted() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        Answer answer = mint(zoom(URI.create("http://127.0.0.1:" + port + "/")).build(), 0);

        assertThat(((NotMinted) answer).kind()).isEqualTo(Trouble.Kind.UNREACHABLE);
    }

    @Test
    void unknownHostIsSurelyNotMinted() {
        Answer answer = mint(zoom(URI.create("http://no-such-host.invalid/")).build(), 0);

        assertThat(((NotMinted) answer).detail()).contains("no-such-host.invalid");
    }

    @Test
    void peerThatSpeaksNoTlsIsSurelyNotMinted() {
        try (RawServer server = RawServer.saying("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            URI url = URI.create("https://127.0.0.1:" + server.port() + "/");

            Answer answer = mint(zoom(url).build(), 0);

            assertThat(answer).isInstanceOf(NotMinted.class);
            assertThat(((NotMinted) answer).kind()).isEqualTo(Trouble.Kind.UNREACHABLE);
            assertThat(((NotMinted) answer).detail()).startsWith("no TLS with 127.0.0.1:");
        }
    }

    @Test
    void certificateNobodyVouchesForIsSurelyNotMinted(@TempDir Path folder) throws Exception {
        SSLContext tls = SelfSigned.in(folder);
        try (RawServer server = RawServer.overTls(tls, (connection, out) -> {})) {
            URI url = URI.create("https://127.0.0.1:" + server.port() + "/");

            NotMinted answer = (NotMinted) mint(zoom(url).build(), 0);

            assertThat(answer.kind()).isEqualTo(Trouble.Kind.UNREACHABLE);
            assertThat(answer.detail()).startsWith("no TLS with").contains("PKIX");
            assertThat(server.requests()).noneMatch(request -> request.contains(CANARY));
        }
    }

    @Test
    void silenceIsADoubtAtTheDeadline() {
        try (RawServer server = RawServer.silent()) {
            Answer answer = mint(impatient(zoom(server.url())).build(), 0);

            assertThat(answer).isInstanceOf(Doubtful.class);
            assertThat(((Doubtful) answer).detail()).contains("within 300ms");
        }
    }

    @Test
    void dripFedBodyIsADoubtAtTheDeadline() {
        try (RawServer server =
                RawServer.that((connection, out) -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    for (int i = 0; i < 100 && !connection.isClosed(); i++) {
                        out.write('{');
                        out.flush();
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                })) {
            assertThat(mint(impatient(zoom(server.url())).build(), 0)).isInstanceOf(Doubtful.class);
        }
    }

    @Test
    void connectionCutAfterTheRequestIsADoubt() {
        try (RawServer server = RawServer.that((connection, out) -> connection.close())) {
            assertThat(mint(zoom(server.url()).build(), 0)).isInstanceOf(Doubtful.class);
        }
    }

    @Test
    void answerCutOffIsADoubt() {
        try (RawServer server =
                RawServer.that((connection, out) ->
                        out.write(
                                ("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + GOOD)
                                        .getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(mint(zoom(server.url()).build(), 0)).isInstanceOf(Doubtful.class);
        }
    }

    @Test
    void answerLargerThanAnyTokenIsADoubt() {
        String body = "{\"access_token\":\"" + "x".repeat(LimitedBody.MOST_BYTES) + "\"}";

        assertThat(((Doubtful) answerTo("200 OK", "", body)).detail()).contains("65536");
    }

    @Test
    void deepJsonIsADoubt() {
        assertThat(answerTo("200 OK", "", "{\"a\":" + "[".repeat(10_000)))
                .isInstanceOf(Doubtful.class);
    }

    @Test
    void mangledAnswersNeverThrowAndNeverLeak() {
        Random random = new Random(42);
        HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
        App app = zoom(URI.create("http://127.0.0.1/")).build();
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
            for (int hits = random.nextInt(4); hits >= 0; hits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));

            Answer answer = TokenAnswer.of(app, 0, 200, none, cut);

            assertThat(answer.toString()).doesNotContain(TOKEN).doesNotContain(CANARY);
        }
    }

    @Test
    void closedMinterMintsNothing() {
        minter.close();

        assertThat(mint(zoom(URI.create("http://127.0.0.1:1/")).build(), 0))
                .isInstanceOf(NotMinted.class);
    }

    private Answer answerTo(String status, String headers, String body) {
        try (RawServer server = RawServer.answering(status, headers, body)) {
            return mint(zoom(server.url()).build(), 0);
        }
    }

    private Answer mint(App app, int index) {
        Answer answer = minter.mint(app, index).orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(answer.toString()).doesNotContain(CANARY).doesNotContain(TOKEN);
        return answer;
    }

    private static App.Builder zoom(URI tokenUrl) {
        return App.zoom(AppId.of("zoom"))
                .tokenUrl(tokenUrl)
                .accountId("account")
                .clientId("client")
                .clientSecret(Secret.of(CANARY));
    }

    private static App.Builder impatient(App.Builder app) {
        return app.mintDeadline(Duration.ofMillis(300));
    }
}
