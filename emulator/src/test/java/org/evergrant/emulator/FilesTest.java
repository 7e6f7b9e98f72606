package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long answers and long requests. */
final class FilesTest {
    @RegisterExtension
    static final EmulatorExtension PROVIDER =
            EmulatorExtension.of(Emulator.builder().retention(Retention.keepAll()));

    private final Emulator emulator;
    private final Caller caller;

    FilesTest(Emulator emulator) {
        this.emulator = emulator;
        this.caller = new Caller(emulator);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64_255, 64_256, 64_257, 128_512, 10_000_000})
    void fileHasAsManyBytesAsAskedForInTheirPattern(int bytes) throws IOException {
        HttpResponse<InputStream> answer =
                Caller.send(
                        caller.request("/v2/files/" + bytes, bearer()).build(),
                        BodyHandlers.ofInputStream());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(bytes);
        byte[] read;
        try (InputStream body = answer.body()) {
            read = body.readAllBytes();
        }
        assertThat(read).hasSize(bytes);
        for (int i = 0; i < bytes; i++) {
            if (read[i] != (byte) (i % 251)) {
                throw new AssertionError("byte " + i + " is " + read[i]);
            }
        }
    }

    @Test
    void clientThatLeavesInTheMiddleHarmsNobody() throws IOException {
        HttpResponse<InputStream> answer =
                Caller.send(
                        caller.request("/v2/files/" + Long.MAX_VALUE, bearer()).build(),
                        BodyHandlers.ofInputStream());

        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(1_000_000)).hasSize(1_000_000);
        }

        assertThat(caller.accepts(caller.token())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "", "99999999999999999999", "1/2"})
    void noFileOfNoSize(String size) throws IOException {
        assertThat(caller.get("/v2/files/" + size, caller.token()).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5_000_000})
    void whatIsSentIsCountedAndHashed(int bytes) throws Exception {
        byte[] sent = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            sent[i] = (byte) (i * 31);
        }

        assertThat(put(sent))
                .containsEntry("bytes", (long) bytes)
                .containsEntry("sha256", sha256(sent));
    }

    @Test
    void nothingThatIsSentIsLostWhileTheApiTakesItsTime() throws Exception {
        emulator.configure(app -> app.apiLatency(Duration.ofMillis(100)));
        byte[] sent = new byte[1_000_000];

        assertThat(put(sent)).containsEntry("sha256", sha256(sent));
    }

    @Test
    void sendingNeedsAToken() throws IOException {
        HttpResponse<String> answer =
                caller.send(
                        caller.request("/v2/files").PUT(BodyPublishers.ofByteArray(new byte[99])));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    private Map<String, Object> put(byte[] sent) throws IOException {
        HttpResponse<String> answer =
                caller.send(
                        caller.request("/v2/files", bearer())
                                .expectContinue(sent.length > 0)
                                .PUT(BodyPublishers.ofByteArray(sent)));
        assertThat(answer.statusCode()).isEqualTo(200);
        return Caller.json(answer);
    }

    private String[] bearer() throws IOException {
        return new String[] {"Authorization", "Bearer " + caller.token()};
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
