package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.evergrant.broker.Broker;
import org.evergrant.broker.config.Configuration;
import org.evergrant.emulator.Emulator;
import org.evergrant.testkit.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One call through curl, as a process of its own. */
class CurlCommandTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void callsTheApiWithoutABroker() throws Exception {
        try (Emulator provider = Emulator.start()) {
            Command.Result first =
                    Command.in(folder, provider, "newest-only")
                            .run("curl", "zoom", "/v2/users/me", "-sS", "-w", " %{http_code}");
            Command.Result wrong =
                    Command.in(folder, provider, "newest-only")
                            .run("curl", "zoom", "/v2/nothing", "-sS", "--fail");

            assertThat(first.err()).isEmpty();
            assertThat(first.out()).contains("\"email\"").endsWith(" 200");
            assertThat(wrong.code()).isEqualTo(22);
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void inputIsCurlsAndTheTokenIsInNoListOfProcesses() throws Exception {
        try (Emulator provider = Emulator.start()) {
            Command command = Command.in(folder, provider, "newest-only");
            String token = command.run("token", "zoom").out().strip();
            Path out = folder.resolve("out");
            Process waiting = command.start(out, "curl", "zoom", "/v2/files", "-sS", "-T", "-");
            Await.until(
                    "curl runs",
                    Duration.ofSeconds(20),
                    () ->
                            waiting.descendants()
                                    .anyMatch(one ->
                                            one.info().command().orElse("").endsWith("curl")));
            ProcessHandle curl =
                    waiting.descendants()
                            .filter(one -> one.info().command().orElse("").endsWith("curl"))
                            .findFirst()
                            .orElseThrow();
            Path proc = Path.of("/proc/" + curl.pid());
            String arguments = Files.readString(proc.resolve("cmdline"));
            String environment = Files.readString(proc.resolve("environ"));
            waiting.getOutputStream()
                    .write("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            waiting.getOutputStream().close();

            assertThat(waiting.waitFor()).isZero();
            assertThat(Files.readString(out)).contains("\"bytes\":5");
            assertThat(arguments).contains("/v2/files").doesNotContain(token);
            assertThat(environment).doesNotContain(token);
        }
    }

    @Test
    void brokerForwardsIt() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (Emulator provider = Emulator.start()) {
            Path file = folder.resolve("evergrant.yaml");
            Files.writeString(
                    file,
                    """
                    listen: 127.0.0.1:%d
                    store: memory
                    apps:
                      zoom:
                        provider: zoom
                        token-url: %s
                        api-url: %s
                        account-id: demo-account
                        client-id: demo-client
                        client-secret: demo-secret
                    """
                            .formatted(port, provider.tokenUrl(), provider.apiUrl()));
            try (Broker broker = Broker.start(Configuration.load(file, System.getenv()))) {
                Command.Result called =
                        Command.in(folder).run("curl", "--broker", "zoom", "/v2/users/me", "-sSi");

                assertThat(broker.port()).isEqualTo(port);
                assertThat(called.out()).contains("Via: 1.1 evergrant").contains("\"email\"");
                assertThat(provider.state().apiOk()).isEqualTo(1);
            }
        }
    }

    @Test
    void wrongPathsAndAppsAreTold() throws Exception {
        try (Emulator provider = Emulator.start()) {
            Command command = Command.in(folder, provider, "newest-only");

            assertThat(command.run("curl", "zoom", "v2/users/me").code()).isEqualTo(Exit.WRONG);
            assertThat(command.run("curl", "none", "/v2/users/me").code()).isEqualTo(Exit.WRONG);
            assertThat(command.run("curl").code()).isEqualTo(Exit.WRONG);
            assertThat(provider.state().mints()).isZero();
        }
    }
}
