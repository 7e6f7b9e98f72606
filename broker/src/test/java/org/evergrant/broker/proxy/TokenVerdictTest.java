package org.evergrant.broker.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenVerdictTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":124,\"message\":\"Invalid access token.\"}",
                "{ \"message\" : \"Invalid access token.\", \"code\" : 124 }",
                "{\"code\":124,\"message\":\"Access token is expired.\"}",
                "{\"code\":201,\"message\":\"access token is expired since a minute\"}",
                "{\"code\":124}"
            })
    void deadTokenIsKnown(String body) {
        assertThat(zoom(body)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":201,\"message\":\"Invalid access token, does not contain scopes:[a,"
                        + " b].\"}",
                "{\"code\":4700,\"message\":\"Invalid access token, does not contain"
                        + " scopes:[a].\"}",
                "{\"code\":124,\"message\":\"Invalid access token, does not contain scopes:[a].\"}",
                "{\"code\":104,\"message\":\"Invalid access token, does not contain"
                        + " scopes:[\"a\"].\"}",
                "{\"code\":124,\"message\":\"Invalid access token, this access token is not"
                        + " supported as query parameter string.\"}",
                "{\"code\":200,\"message\":\"Account does not enabled REST API.\"}",
                "{\"code\":1240,\"message\":\"something\"}",
                "<html>401</html>",
                ""
            })
    void otherRefusalsAreNotAboutTheToken(String body) {
        assertThat(zoom(body)).isFalse();
    }

    @Test
    void zippedBodyIsReadEvenIfItIsCut() throws IOException {
        byte[] plain =
                "{\"code\":124,\"message\":\"Invalid access token.\"}"
                        .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(plain);
        }
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Content-Encoding", "gzip");
        Buffer whole = Buffer.buffer(zipped.toByteArray());

        assertThat(TokenVerdict.ofZoom(headers, whole)).isTrue();
        assertThat(TokenVerdict.ofZoom(headers, whole.slice(0, whole.length() - 8))).isTrue();
        assertThat(TokenVerdict.ofZoom(headers, Buffer.buffer("no gzip"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Bearer | true
                    Bearer realm="x" | true
                    Bearer realm="x", error="invalid_token", error_description="expired" | true
                    bearer error=invalid_token | true
                    Basic realm="x", Bearer error="invalid_token" | true
                    Bearer error="insufficient_scope", scope="a" | false
                    Bearer error="invalid_request" | false
                    Basic realm="x" | false
                    Negotiate | false
                    """)
    void challengeSaysWhatIsWrong(String challenge, boolean aboutToken) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("WWW-Authenticate", challenge);

        assertThat(TokenVerdict.ofBearer(headers)).isEqualTo(aboutToken);
    }

    @Test
    void noChallengeAtAllIsAboutTheToken() {
        assertThat(TokenVerdict.ofBearer(MultiMap.caseInsensitiveMultiMap())).isTrue();
    }

    private static boolean zoom(String body) {
        return TokenVerdict.ofZoom(MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body));
    }
}
