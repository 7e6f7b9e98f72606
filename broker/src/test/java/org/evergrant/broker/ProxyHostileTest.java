package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.Fixture.raw;
import static org.evergrant.broker.ProxyFixture.BEARER;
import static org.evergrant.broker.ProxyFixture.api;
import static org.evergrant.broker.ProxyFixture.broker;

import java.util.List;
import org.evergrant.emulator.Emulator;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests that mean harm: none reaches an API but where it may, and none is two. */
@ExtendWith(NothingLeft.class)
final class ProxyHostileTest {
    private static final String HEAD = "Host: x\r\nConnection: close\r\nAuthorization: " + BEARER;
    private static final String CALL = "POST /apps/zoom/api/v2/x HTTP/1.1\r\n" + HEAD + "\r\n";

    /** Sent behind a body that one reads as shorter than another. */
    private static final String SMUGGLED =
            "GET /apps/zoom/api/v2/smuggled HTTP/1.1\r\n" + HEAD + "\r\n\r\n";

    private Emulator provider = Emulator.start();
    private RecordingApi upstream =
            RecordingApi.start((request, call) -> request.response().end("ok"));
    private Broker broker = broker(provider, upstream.url() + "/base");

    @BeforeEach
    void warm() {
        get(api(broker, "/v2/warm"), "Authorization", BEARER);
    }

    @AfterEach
    void close() {
        broker.close();
        upstream.close();
        provider.close();
    }

    @Test
    void noPathLeadsOutOfTheApi() throws Exception {
        for (String target :
                List.of(
                        "/apps/zoom/api/../../../etc/passwd",
                        "/apps/zoom/api/v2/..",
                        "/apps/zoom/api/v2/%2e%2e/%2e%2e/x",
                        "/apps/zoom/api/%2e%2e%2fx",
                        "/apps/zoom/api/v2/%252e%252e/x",
                        "/apps/zoom/api/v2/a%2fb",
                        "/apps/zoom/api/v2/a%5cb",
                        "/apps/zoom/api/v2/a\\b",
                        "/apps/zoom/api//evil.example/x",
                        "/apps/zoom/api/v2//x",
                        "/apps/zoom/api/v2/%0d%0aHost:%20evil.example",
                        "/apps/zoom/api/@evil.example//x",
                        "http://evil.example/apps/zoom/api/v2/x",
                        "http://user@evil.example/apps/zoom/api/v2/x")) {
            String answer =
                    raw(broker.port(), "GET " + target + " HTTP/1.1\r\n" + HEAD + "\r\n\r\n");

            assertThat(answer).as(target).startsWith("HTTP/1.1 400 ");
            assertThat(upstream.seen()).hasSize(1);
        }
    }

    @Test
    void noOtherSpellingOfTheRouteIsTheRoute() throws Exception {
        for (String target :
                List.of(
                        "/apps/zoom/../zoom/api/v2/x",
                        "/apps/zoom%2fapi/v2/x",
                        "/apps/%7aoom/api/v2/x",
                        "//apps/zoom/api/v2/x",
                        "/apps/zoom/api%2fv2/x",
                        "/apps/zoom/api;x/v2/x",
                        "*",
                        "evil.example:443")) {
            String answer =
                    raw(broker.port(), "GET " + target + " HTTP/1.1\r\n" + HEAD + "\r\n\r\n");

            assertThat(answer).as(target).startsWith("HTTP/1.1 404 ");
            assertThat(upstream.seen()).hasSize(1);
        }
    }

    @Test
    void whateverIsAfterTheBaseStaysBelowIt() throws Exception {
        raw(
                broker.port(),
                "GET /apps/zoom/api/@evil.example:80/x HTTP/1.1\r\n" + HEAD + "\r\n\r\n");

        assertThat(upstream.last().uri()).isEqualTo("/base/@evil.example:80/x");
        assertThat(upstream.last().header("host"))
                .isEqualTo(upstream.url().substring("http://".length()));
    }

    @Test
    void requestWhoseEndIsUnclearIsNeverTwo() throws Exception {
        for (String rest :
                List.of(
                        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
                        "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
                        "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
                        "Content-Length: 0, 5\r\n\r\n",
                        "Content-Length: +0\r\n\r\n",
                        "Content-Length: -1\r\n\r\n",
                        "Content-Length: 0x0\r\n\r\n",
                        "Content-Length : 0\r\n\r\n",
                        "Content-Length:\r\n 0\r\n\r\n",
                        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                        "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n",
                        "Transfer-Encoding: xchunked\r\n\r\n",
                        "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
                        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                        "X-Bare: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "X-Bare: a\n\n",
                        "X-Cr: a\rTransfer-Encoding: chunked\r\n\r\n",
                        "X-Nul: a\0b\r\n\r\n",
                        "No colon\r\n\r\n")) {
            String answers = raw(broker.port(), CALL.strip() + "\r\n" + rest + SMUGGLED);

            assertThat(answers).as(rest).doesNotContain("200 OK").containsAnyOf(" 400 ", " 501 ");
            assertThat(upstream.seen()).hasSize(1);
        }
    }

    @Test
    void bodyThatIsNoHttpEndsTheConnection() throws Exception {
        for (String chunk : List.of("0\n\r\n", "0x0\r\n\r\n", "-1\r\n\r\n", "G\r\n\r\n")) {
            String body = "Transfer-Encoding: chunked\r\n\r\n" + chunk;

            assertThat(raw(broker.port(), CALL + body + SMUGGLED)).as(chunk).isEmpty();
            assertThat(upstream.seen()).hasSize(1);
        }
        assertThat(get(api(broker, "/v2/after"), "Authorization", BEARER).statusCode())
                .isEqualTo(200);
    }

    /** RFC 9112 section 5.2 has a fold refused or made a space. */
    @Test
    void foldedFieldIsOneLineForTheApi() throws Exception {
        String folded = "X-Folded: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n";

        String answers = raw(broker.port(), CALL + folded + SMUGGLED);

        assertThat(answers).startsWith("HTTP/1.1 200 ");
        assertThat(upstream.seen()).hasSize(2);
        assertThat(upstream.last().header("x-folded")).isEqualTo("a Transfer-Encoding: chunked");
        assertThat(upstream.last().header("transfer-encoding")).isNull();
    }

    @Test
    void floodsOfHeadersAreCutShort() throws Exception {
        String many = "X-Flood: 0123456789\r\n".repeat(5000);

        String answer = raw(broker.port(), CALL + many + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(upstream.seen()).hasSize(1);
    }
}
