package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no client should send are answered, and harm nobody. */
final class RobustnessTest {
    private static final String END = "\r\nConnection: close\r\n\r\n";

    @RegisterExtension static final EmulatorExtension PROVIDER = EmulatorExtension.create();

    private final Emulator emulator;
    private final Caller caller;

    RobustnessTest(Emulator emulator) {
        this.emulator = emulator;
        this.caller = new Caller(emulator);
    }

    @AfterEach
    void itStillWorks() throws IOException {
        assertThat(caller.accepts(caller.token())).isTrue();
    }

    static List<String> malformed() {
        String post = "POST /oauth/token HTTP/1.1\r\nHost: x\r\n";
        return List.of(
                "\0\1\2\3\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: x" + END,
                post + "Content-Length: -5" + END,
                post + "Content-Length: five" + END,
                post + "Transfer-Encoding: chunked" + END + "zz\r\n",
                post + "Content-Length: 5\r\nContent-Length: 6" + END + "12345");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedRequestIsRefused(String request) throws IOException {
        assertThat(raw(request)).matches("(?s)HTTP/\\d\\.\\d (4\\d\\d|501).*");
    }

    /** The server hangs up without reading the rest, so that its answer may be lost. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /%s HTTP/1.1\r\nHost: x", "GET / HTTP/1.1\r\nHost: x\r\nX: %s"})
    void endlessHeadIsCutOff(String request) {
        String answer;
        try {
            answer = raw(String.format(request, "x".repeat(1_000_000)) + END);
        } catch (IOException hungUp) {
            answer = "hung up";
        }

        assertThat(answer).matches("(?s)hung up||HTTP/1\\.[01] (414|431).*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /_emulator/apps/%zz HTTP/1.1",
                "GET /v2/users/%zz HTTP/1.1",
                "POST /oauth/token?grant_type=%zz HTTP/1.1",
                "GET /v2/users/me?access_token=%zz HTTP/1.1",
                "POST /_emulator/rival?client_id=%zz HTTP/1.1",
                "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
                "GET //v2//users/me HTTP/1.1",
                "OPTIONS * HTTP/1.1",
                "GET http://other.example/oauth/token HTTP/1.1",
                "BREW /oauth/token HTTP/1.1"
            })
    void oddRequestIsRefused(String line) throws IOException {
        assertThat(raw(line + "\r\nHost: x" + END)).matches("(?s)HTTP/1\\.1 4.*");
    }

    @Test
    void oddHostIsNotRepeated() throws IOException {
        String answer =
                raw(
                        "POST /oauth/token?"
                                + Caller.GRANT
                                + " HTTP/1.1\r\nHost: \"><x\r\nAuthorization: "
                                + Caller.BASIC
                                + END);

        assertThat(answer).doesNotContain("\"><x").contains("\"api_url\":\"" + emulator.url());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth/token", "/oauth/revoke", "/_emulator/faults"})
    void largeBodyIsRefused(String path) throws IOException {
        byte[] large = new byte[1_000_000];

        HttpResponse<String> announced =
                caller.send(caller.request(path).POST(BodyPublishers.ofByteArray(large)));
        HttpResponse<String> chunked =
                caller.send(
                        caller.request(path)
                                .POST(
                                        BodyPublishers.ofInputStream(
                                                () -> new ByteArrayInputStream(large))));

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(chunked.statusCode()).isEqualTo(413);
    }

    @Test
    void clientThatLeavesBeforeItsBodyIsCompleteMintsNothing() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(
                            ("POST /oauth/token HTTP/1.1\r\nHost: x\r\nAuthorization: "
                                            + Caller.BASIC
                                            + "\r\nContent-Length: 200\r\n\r\n"
                                            + Caller.GRANT)
                                    .getBytes(StandardCharsets.ISO_8859_1));
        }

        assertThat(caller.mint().statusCode()).isEqualTo(200);
        assertThat(emulator.state().mints()).isEqualTo(1);
    }

    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[64 * 1024];
            int length = in.readNBytes(answer, 0, answer.length);
            return new String(answer, 0, length, StandardCharsets.UTF_8);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), emulator.port()), 5000);
        socket.setSoTimeout(5000);
        return socket;
    }
}
