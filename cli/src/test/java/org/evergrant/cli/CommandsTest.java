package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Fault;
import org.evergrant.emulator.Retention;
import org.evergrant.testkit.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command as a process of its own against a real provider and a real file. */
class CommandsTest {
    private static final String SECRET = Emulator.DEMO_SECRET;

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir private Path folder = Path.of("");

    @Test
    void tokenPrintsTheTokenAloneAndMintsOnce() throws Exception {
        try (Emulator provider = provider()) {
            Command.Result first = command(provider).run("token", "zoom");
            Command.Result second = command(provider).run("token", "zoom");

            assertThat(first.code()).isZero();
            assertThat(first.out()).matches("eyJ[!-~]+\\R");
            assertThat(first.err()).isEmpty();
            assertThat(second.out()).isEqualTo(first.out());
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void twentyCommandsInTheSameSecondCauseOneMint() throws Exception {
        try (Emulator provider = provider()) {
            List<Process> started = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                started.add(command(provider).start("token", "zoom", "--wait", "50s"));
            }

            Set<String> tokens = new HashSet<>();
            for (Process process : started) {
                Command.Result result = Command.end(process);
                assertThat(result.code()).as(result.err()).isZero();
                tokens.add(result.out());
            }
            assertThat(tokens).hasSize(1);
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void tokenComesAsAHeaderOrAsJson() throws Exception {
        try (Emulator provider = provider()) {
            String token = command(provider).run("token", "zoom").out().strip();
            String header = command(provider).run("token", "zoom", "--header").out();
            String json = command(provider).run("token", "zoom", "--json").out();

            assertThat(header.strip()).isEqualTo("Authorization: Bearer " + token);
            assertThat(json)
                    .contains("\"access_token\":\"" + token + "\"", "\"generation\":1")
                    .containsPattern("\"expires_in\":35[0-9]{2}");
        }
    }

    @Test
    void execGivesTheTokenToTheChildAndEndsAsItEnds() throws Exception {
        try (Emulator provider = provider()) {
            String script = "printf %s \"$EVERGRANT_TOKEN\"; exit 7";

            Command.Result result = command(provider).run("exec", "zoom", "--", "sh", "-c", script);

            assertThat(result.code()).isEqualTo(7);
            assertThat(result.out()).startsWith("eyJ");
        }
    }

    @Test
    void execNamesACommandThatIsNotThere() throws Exception {
        try (Emulator provider = provider()) {
            Command.Result result = command(provider).run("exec", "zoom", "--", "/no/such/command");

            assertThat(result.code()).isEqualTo(127);
            assertThat(result.err()).contains("/no/such/command");
        }
    }

    @Test
    void statusTellsEverythingButTheToken() throws Exception {
        try (Emulator provider = provider()) {
            String token = command(provider).run("token", "zoom").out().strip();
            Command.Result text = command(provider).run("status");
            Command.Result json = command(provider).run("status", "zoom", "--json");

            assertThat(text.out())
                    .contains("generation 1, good", "newest-only", "hands out generation 1");
            assertThat(json.out()).contains("\"generation\":1", "\"standing\":\"good\"");
            assertThat(text.out() + json.out()).doesNotContain(token).doesNotContain(SECRET);
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void renewMintsWhereThatBreaksNoPromise() throws Exception {
        try (Emulator provider = Emulator.builder().retention(Retention.keepAll()).start()) {
            Command command = Command.in(folder, provider, "keep-all");
            command.run("token", "zoom");

            Command.Result result = command.run("renew", "zoom");

            assertThat(result.code()).isZero();
            assertThat(result.out()).startsWith("zoom: generation 2, promised until ");
            assertThat(provider.state().mints()).isEqualTo(2);
        }
    }

    @Test
    void renewThatWouldBreakAPromiseIsForcedOrPutOff() throws Exception {
        try (Emulator provider = provider()) {
            command(provider).run("token", "zoom");

            Command.Result putOff = command(provider).run("renew", "zoom");
            Command.Result forced = command(provider).run("renew", "zoom", "--force");

            assertThat(putOff.code()).isEqualTo(75);
            assertThat(putOff.err())
                    .contains("would break a running promise", "safe at ", "--force");
            assertThat(forced.code()).isZero();
            assertThat(forced.out()).startsWith("zoom: generation 2");
        }
    }

    @Test
    void providerThatIsAwayMeansTryAgainLater() throws Exception {
        String url;
        try (Emulator gone = provider()) {
            url = gone.tokenUrl();
        }
        try (Emulator other = provider()) {
            Command command = command(other).with("ZOOM_TOKEN_URL", url);

            Command.Result token = command.run("token", "zoom", "--wait", "3s");
            Command.Result check = command.run("check");

            assertThat(token.code()).isEqualTo(75);
            assertThat(token.out()).isEmpty();
            assertThat(token.err()).contains("cannot be reached", "try again");
            assertThat(check.code()).isEqualTo(75);
        }
    }

    @Test
    void refusedCredentialsAreAFailureThatSaysWhatToCheck() throws Exception {
        try (Emulator provider = provider()) {
            Command.Result result =
                    command(provider)
                            .with("ZOOM_CLIENT_SECRET", "canary-wrong")
                            .run("token", "zoom");

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err())
                    .contains("invalid_client", "check account-id, client-id, client-secret")
                    .doesNotContain("canary-wrong");
        }
    }

    @Test
    void everyFaultOfTheConfigurationIsALine() throws Exception {
        Files.writeString(
                folder.resolve("evergrant.yaml"),
                """
                stor: memory
                apps:
                  zoom:
                    provider: zoom
                    margin: soon
                    retention: newest:0
                    account-id: a
                    client-id: ${NO_SUCH_VARIABLE}
                    client-secret: canary-secret
                """);

        Command.Result result = Command.in(folder).run("check");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines())
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(line -> line.startsWith("evergrant.yaml"));
        assertThat(result.err())
                .contains("stor", "margin", "retention", "NO_SUCH_VARIABLE")
                .doesNotContain("canary-secret");
    }

    @Test
    void checkFindsAllWell() throws Exception {
        try (Emulator provider = provider()) {
            Command.Result result = command(provider).run("check");

            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("configuration", "store", "app");
            assertThat(provider.state().mints()).isZero();
        }
    }

    @Test
    void lostKeyIsNamedAndNotMadeAnew() throws Exception {
        try (Emulator provider = provider()) {
            command(provider).run("token", "zoom");
            Files.delete(folder.resolve("evergrant.db.key"));

            Command.Result result = command(provider).run("token", "zoom");

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("evergrant.db.key");
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void wrongUsageIsExitCodeTwoWithAHint() throws Exception {
        Command.Result command = Command.in(folder).run("tokne");
        Command.Result app;
        Command.Result duration = Command.in(folder).run("emulator", "--lifetime", "soon");
        try (Emulator provider = provider()) {
            app = command(provider).run("token", "zom");
        }

        assertThat(command.code()).isEqualTo(2);
        assertThat(command.err()).contains("evergrant token");
        assertThat(app.code()).isEqualTo(2);
        assertThat(app.err()).contains("no app 'zom'", "zoom");
        assertThat(duration.code()).isEqualTo(2);
        assertThat(duration.err()).contains("250ms, 12s, 5m, 1h");
    }

    @Test
    void serveIsReadyServesAndStopsGracefully() throws Exception {
        try (Emulator provider = provider()) {
            Process serve = command(provider).start("serve", "--listen", "127.0.0.1:0");
            try (BufferedReader err = serve.errorReader(StandardCharsets.UTF_8);
                    HttpClient http = HttpClient.newHttpClient()) {
                String line = err.readLine();
                String url = line.replaceFirst(".*(http://[0-9.:]+).*", "$1");

                assertThat(status(http, url + "/readyz")).isEqualTo(200);
                assertThat(arguments(serve)).doesNotContain(SECRET);
                assertThat(line).doesNotContain(SECRET);
            }
            serve.destroy();

            assertThat(serve.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void emulatorTakesAppsAndRetention() throws Exception {
        Process emulator =
                Command.in(folder)
                        .start(
                                "emulator",
                                "--listen",
                                "127.0.0.1:0",
                                "--retention",
                                "indexed:2",
                                "--app",
                                "account:client:pass:word");
        try (BufferedReader out = emulator.inputReader(StandardCharsets.UTF_8);
                HttpClient http = HttpClient.newHttpClient()) {
            String url = out.readLine();

            assertThat(status(http, url + "/_emulator/state")).isEqualTo(200);
        } finally {
            emulator.destroy();
        }
        assertThat(emulator.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void lostAnswerIsHealedWithinTheWait() throws Exception {
        try (Emulator provider = provider()) {
            provider.fault(Fault.LOSE_RESPONSE, 1);

            Command.Result result = command(provider).run("token", "zoom");

            assertThat(result.code()).isZero();
            assertThat(provider.state().mints()).isEqualTo(2);
        }
    }

    @Test
    void completionKnowsEveryCommand() throws Exception {
        Command.Result result = Command.in(folder).run("completion", "bash");

        assertThat(result.out()).contains("token", "exec", "status", "renew", "serve", "demo");
    }

    @Test
    void execHandsOnSignalsAndEndsAsTheChildDecides() throws Exception {
        try (Emulator provider = provider()) {
            String script =
                    """
                    trap 'echo TERM; exit 5' TERM
                    echo up; while :; do sleep 0.05; done\
                    """;

            // Not INT: where the tests run in the background it is ignored, and no shell can trap
            // it.
            assertThat(execSignalled(provider, script, "TERM")).isEqualTo("TERM 5");
        }
    }

    @Test
    void noProcessListShowsASecretOrAToken() throws Exception {
        try (Emulator provider = provider()) {
            String token = command(provider).run("token", "zoom").out().strip();
            // A shell that ran but one command would become it.
            Process exec = command(provider).start("exec", "zoom", "--", "sh", "-c", "read x; :");
            Await.until("the child runs", SOON, () -> exec.children().findAny().isPresent());
            long child = exec.children().findAny().orElseThrow().pid();

            String shown =
                    arguments(exec) + Files.readString(Path.of("/proc/" + child + "/cmdline"));
            Command.end(exec);

            assertThat(shown).contains("exec", "read x").doesNotContain(token, SECRET);
        }
    }

    @Test
    void storeThatIsAwayMeansTryAgainLaterAndHidesNoOtherFault() throws Exception {
        Files.createFile(folder.resolve("file"));
        String url;
        try (Emulator gone = provider()) {
            url = gone.tokenUrl();
        }
        try (Emulator other = provider()) {
            Command command =
                    command(other)
                            .with("ZOOM_TOKEN_URL", url)
                            .with("EVERGRANT_STORE", "sqlite:file/evergrant.db");

            Command.Result status = command.run("status");
            Command.Result check = command.run("check");

            assertThat(status.code()).isEqualTo(75);
            assertThat(status.out()).isEmpty();
            assertThat(check.code()).isEqualTo(75);
            assertThat(check.err()).contains("evergrant.db", "app zoom: cannot reach");
        }
    }

    @Test
    void checkOfflineAsksNobody() throws Exception {
        try (Emulator provider = provider()) {
            Command.Result result =
                    command(provider)
                            .with("ZOOM_TOKEN_URL", "https://no.such.invalid/token")
                            .run("check", "--offline");

            assertThat(result.code()).isZero();
            assertThat(Files.exists(folder.resolve("evergrant.db"))).isFalse();
        }
    }

    @Test
    void fullDiskIsNoEmptyToken() throws Exception {
        try (Emulator provider = provider()) {
            Process token =
                    command(provider).start(Path.of("/dev/full"), "token", "zoom", "--header");

            Command.Result result = Command.end(token);

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("cannot write to standard output");
        }
    }

    @Test
    void warmTokenLoadsNothingOfAServer() throws Exception {
        try (Emulator provider = provider()) {
            command(provider).run("token", "zoom");
            Command tracing = command(provider).with("JDK_JAVA_OPTIONS", "-Xlog:class+load");

            Command.Result warm = tracing.run("token", "zoom");

            assertThat(warm.code()).isZero();
            assertThat(warm.out())
                    .contains("org.evergrant.cli.TokenCommand")
                    .doesNotContain("io.vertx.", "io.netty.", "io.micrometer.");
        }
    }

    /**
     * Returns what the child said to the signal, and the exit code. The child writes to a file:
     * whoever reads from a pipe waits for as long as any process holds its other end.
     */
    private String execSignalled(Emulator provider, String script, String signal)
            throws IOException, InterruptedException {
        Path out = folder.resolve("said");
        Process exec = command(provider).start(out, "exec", "zoom", "--", "sh", "-c", script);
        try {
            Await.until("the child is up", SOON, () -> content(out).equals("up\n"));
            new ProcessBuilder("kill", "-" + signal, Long.toString(exec.pid())).start().waitFor();
            assertThat(exec.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return content(out).substring("up\n".length()).strip() + " " + exec.exitValue();
        } finally {
            exec.descendants().forEach(ProcessHandle::destroyForcibly);
            exec.destroyForcibly();
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Command command(Emulator provider) {
        return Command.in(folder, provider, "newest-only");
    }

    private static Emulator provider() {
        return Emulator.builder().retention(Retention.newestOnly()).start();
    }

    private static int status(HttpClient http, String url)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)).build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static String arguments(Process process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    }
}
