package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting, stopping, and the program. */
final class LifecycleTest {
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    @Test
    void closeLeavesNoThread() throws Exception {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        try (Emulator emulator = Emulator.builder().latency(Duration.ofMillis(2)).start()) {
            assertThat(status(emulator.url() + "/v2/users/me")).isEqualTo(401);
            assertThat(status(emulator.url() + "/oauth/token")).isEqualTo(405);
        }

        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && !thread.getName().startsWith("Keep-Alive")) {
                thread.join(DEADLINE.toMillis());
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    @Test
    void closeCutsOffRequestsThatAreStillWaiting() throws Exception {
        try (Socket socket = new Socket()) {
            try (Emulator emulator = Emulator.start()) {
                emulator.fault(Fault.STALL, 1);
                socket.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), emulator.port()));
                socket.getOutputStream()
                        .write(
                                ("POST /oauth/token?"
                                                + Caller.GRANT
                                                + " HTTP/1.1\r\nHost: x\r\nAuthorization: "
                                                + Caller.BASIC
                                                + "\r\n\r\n")
                                        .getBytes(StandardCharsets.ISO_8859_1));
                long deadline = System.nanoTime() + DEADLINE.toNanos();
                while (!emulator.state().faults().isEmpty()) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                    Thread.onSpinWait();
                }
            }
            socket.setSoTimeout((int) DEADLINE.toMillis());

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void portIsFreeAfterClose() throws IOException {
        int port;
        try (Emulator first = Emulator.start()) {
            port = first.port();
        }

        try (Emulator second = Emulator.builder().listen("127.0.0.1", port).start()) {
            assertThat(second.url()).isEqualTo("http://127.0.0.1:" + port);
            assertThat(status(second.url() + "/_emulator/state")).isEqualTo(200);
        }
    }

    @Test
    void takenPortIsAClearError() {
        try (Emulator first = Emulator.start()) {
            Emulator.Builder second = Emulator.builder().listen("127.0.0.1", first.port());

            assertThatThrownBy(second::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + first.port());
        }
    }

    @Test
    void impossibleSettingsAreRefusedAllAtOnce() {
        Emulator.Builder builder =
                Emulator.builder()
                        .lifetime(Duration.ZERO)
                        .latency(Duration.ofMillis(-1))
                        .allApps(app -> app.expiredCode(1));

        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("lifetime: ", "latency: ", "expired_code: 1");
    }

    @Test
    void latencyDelaysMintsAndApiLatencyCalls() throws IOException {
        try (Emulator emulator =
                Emulator.builder()
                        .latency(Duration.ofMillis(150))
                        .apiLatency(Duration.ofMillis(100))
                        .start()) {
            Caller caller = new Caller(emulator);
            long start = System.nanoTime();
            String token = caller.token();
            long minted = System.nanoTime();
            caller.me(token);
            long called = System.nanoTime();

            assertThat(minted - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(145));
            assertThat(called - minted).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(95));
        }
    }

    @Test
    void ipv6AddressStandsInBrackets() throws IOException {
        try (Emulator emulator = Emulator.builder().listen("::1", 0).start()) {
            assertThat(emulator.url()).startsWith("http://[::1]:");
            assertThat(new Caller(emulator).token()).startsWith("eyJ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--retention",
                "--retention=all",
                "--lifetime=0s",
                "--lifetime=5",
                "--latency=-1ms",
                "--listen=8485",
                "--listen=127.0.0.1:99999",
                "--app=a:b",
                "--app=a::c",
                "--colour=red",
                "demo"
            })
    void wrongUsageIsExit2(String option) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code =
                EmulatorMain.run(List.of(option), print(new ByteArrayOutputStream()), print(err));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).isNotBlank().doesNotContain("Exception");
    }

    @Test
    void everyWrongOptionIsOneLine() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> options = List.of("--retention=x", "--app=acc:cli", "--lifetime", "x");

        EmulatorMain.run(options, print(new ByteArrayOutputStream()), print(err));

        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(3);
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("acc:cli");
    }

    @Test
    void helpNamesEveryOption() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(EmulatorMain.run(List.of("--help"), print(out), print(out))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("--listen", "--retention", "--lifetime", "--latency", "--app");
    }

    @Test
    void programRunsUntilItIsToldToStop() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                EmulatorMain.class.getName(),
                                "--listen",
                                "127.0.0.1:0",
                                "--retention",
                                "grace:5m",
                                "--app",
                                "acc:one:s:1",
                                "--app",
                                "acc:two:s2")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String url = out.readLine();

            assertThat(url).startsWith("http://127.0.0.1:");
            assertThat(status(url + "/_emulator/apps/one")).isEqualTo(200);
            assertThat(status(url + "/_emulator/apps/demo-client")).isEqualTo(404);
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private static PrintStream print(ByteArrayOutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    private static int status(String url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setReadTimeout((int) DEADLINE.toMillis());
        connection.setRequestProperty("Connection", "close");
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
