package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.EmulatorState;
import org.evergrant.emulator.Retention;
import org.evergrant.seal.SealingKey;
import org.evergrant.servers.PostgresServer;
import org.evergrant.servers.RedisProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a real PostgreSQL, and the way to it from a file. */
class StoreCommandsTest {
    private static final String PASSWORD = "canary/5f2a@c7";
    private static final String KEY = SealingKey.newText();

    /** Longer than the test. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final int CALLERS = 8;
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    @TempDir private static Path data = Path.of("");
    private static @Nullable PostgresServer server;

    @TempDir private Path folder = Path.of("");

    @BeforeAll
    static void startPostgres() throws IOException {
        server = PostgresServer.start(data.resolve("postgres"), PASSWORD);
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void write() throws IOException {
        configuration("old.yaml", "sqlite:old.db");
        configuration("new.yaml", url("postgres", "moved" + SCHEMAS.incrementAndGet()));
    }

    @Test
    void tokenIsSharedThroughPostgres() throws Exception {
        configuration("shared.yaml", url("postgres", "shared"));
        try (Emulator provider = provider()) {
            List<Process> started = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                started.add(
                        command(provider)
                                .start(
                                        "token",
                                        "zoom",
                                        "--config",
                                        "shared.yaml",
                                        "--wait",
                                        "50s"));
            }
            List<String> tokens = new ArrayList<>();
            for (Process process : started) {
                Command.Result result = Command.end(process);
                assertThat(result.code()).as(result.err()).isZero();
                tokens.add(result.out());
            }
            Command.Result check = run(provider, "check", "--config", "shared.yaml");

            assertThat(tokens.stream().distinct()).hasSize(1);
            assertThat(provider.state().mints()).isEqualTo(1);
            assertThat(check.code()).as(check.err()).isZero();
            assertThat(check.out())
                    .contains("postgresql://postgres@127.0.0.1:")
                    .doesNotContain("canary");
        }
    }

    @Test
    void whatIsWrongWithPostgresIsSaidWithoutThePassword() throws Exception {
        configuration("nowhere.yaml", url("nowhere", "x"));
        try (Emulator provider = provider()) {
            Command.Result wrong =
                    command(provider)
                            .with("DB_PASSWORD", "canary-wrong")
                            .run("check", "--config", "new.yaml");
            Command.Result nowhere = run(provider, "check", "--config", "nowhere.yaml");

            assertThat(wrong.code()).isEqualTo(1);
            assertThat(wrong.err()).contains("refuses the user").doesNotContain("canary");
            assertThat(nowhere.code()).isEqualTo(1);
            assertThat(nowhere.err()).contains("does not exist").doesNotContain("canary");
        }
    }

    @Test
    void schemaIsPrintedAndKeyIsNew() throws Exception {
        try (Emulator provider = provider()) {
            Command.Result schema = run(provider, "store", "schema", "--config", "new.yaml");
            Command.Result none = run(provider, "store", "schema", "--config", "old.yaml");
            Command.Result key = run(provider, "store", "key");

            assertThat(schema.code()).as(schema.err()).isZero();
            assertThat(schema.out())
                    .contains("CREATE TABLE \"moved", "GRANT", "TO \"postgres\"")
                    .doesNotContain("canary");
            assertThat(none.code()).isEqualTo(2);
            assertThat(none.err()).contains("expected: postgresql://");
            assertThat(SealingKey.fromText(key.out(), "the output").id()).isNotEmpty();
        }
    }

    @Test
    void nodesGoOnWhileTheTokensMoveAndNoCallFails() throws Exception {
        try (Emulator provider = provider(LONG);
                Broker old = broker(provider, "old.yaml")) {
            AtomicReference<String> url = new AtomicReference<>(old.url);
            try (StoreCallers callers = new StoreCallers(CALLERS, provider, url::get)) {
                callers.awaitCalls(100);

                Command.Result moved = move(provider, "old.yaml", "new.yaml");
                callers.awaitCalls(100);
                try (Broker next = broker(provider, "new.yaml")) {
                    url.set(next.url);
                    callers.awaitCalls(100);
                    callers.end();
                }

                EmulatorState judge = provider.state();
                assertThat(moved.code()).as(moved.err()).isZero();
                assertThat(moved.out()).contains("moved: generation 1", "new.yaml");
                assertThat(callers.faults()).isEmpty();
                assertThat(judge.api401()).isZero();
                assertThat(judge.mints()).isEqualTo(1);
            }
        }
    }

    @Test
    void oldStoreMintsNoMoreAndTheNewOneGoesOnAndBack() throws Exception {
        try (Emulator provider = provider(SHORT)) {
            String first = run(provider, "token", "zoom", "--config", "old.yaml").out();
            move(provider, "old.yaml", "new.yaml");
            // To the end of the promise this is the first one again.
            String next = first;
            while (next.equals(first)) {
                Command.Result token =
                        run(provider, "token", "zoom", "--config", "new.yaml", "--wait", "50s");
                assertThat(token.code()).as(token.err()).isZero();
                next = token.out();
            }
            assertThat(provider.state().mints()).isEqualTo(2);

            Command.Result status = run(provider, "status", "--config", "old.yaml");
            Command.Result token =
                    run(provider, "token", "zoom", "--config", "old.yaml", "--wait", "100ms");
            assertThat(status.out()).contains("nobody mints here: moved to postgresql://postgres@");
            assertThat(token.code()).isNotZero();
            assertThat(token.err()).contains("moved to postgresql://postgres@127.0.0.1");

            Command.Result again = move(provider, "old.yaml", "new.yaml");
            Command.Result back = move(provider, "new.yaml", "old.yaml");
            Command.Result there = run(provider, "status", "--config", "new.yaml");
            Command.Result here = run(provider, "status", "--config", "old.yaml");
            assertThat(again.out()).contains("moved before");
            assertThat(back.code()).as(back.err()).isZero();
            assertThat(there.out()).contains("nobody mints here: moved to sqlite:");
            assertThat(here.out()).contains("generation 2").doesNotContain("nobody mints");
            assertThat(provider.state().mints()).isEqualTo(2);
        }
    }

    @Test
    void tokensMoveToValkeyAndBackWithoutAMint() throws Exception {
        try (RedisProcess valkey = RedisProcess.start();
                Emulator provider = provider()) {
            configuration("valkey.yaml", "valkey://127.0.0.1:" + valkey.port());
            String first = run(provider, "token", "zoom", "--config", "old.yaml").out();

            Command.Result there = move(provider, "old.yaml", "valkey.yaml");
            Command.Result moved = run(provider, "token", "zoom", "--config", "valkey.yaml");
            Command.Result back = move(provider, "valkey.yaml", "old.yaml");
            Command.Result status = run(provider, "status", "--config", "valkey.yaml");
            Command.Result again = run(provider, "token", "zoom", "--config", "old.yaml");

            assertThat(there.out()).as(there.err()).contains("moved: generation 1");
            assertThat(moved.out()).as(moved.err()).isEqualTo(first);
            assertThat(back.out()).as(back.err()).contains("moved: generation 1");
            assertThat(status.out()).contains("nobody mints here: moved to sqlite:");
            assertThat(again.out()).as(again.err()).isEqualTo(first);
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    private Command.Result move(Emulator provider, String from, String to) throws Exception {
        return run(provider, "store", "move", "--config", from, "--to", to);
    }

    private Command.Result run(Emulator provider, String... args) throws Exception {
        return command(provider).run(args);
    }

    private Command command(Emulator provider) {
        return Command.in(folder, provider, "newest-only")
                .with("DB_PASSWORD", PASSWORD)
                .with("EVERGRANT_KEY", KEY);
    }

    private static String url(String database, String schema) {
        int port = server == null ? 0 : server.port();
        return "postgresql://postgres:${DB_PASSWORD}@127.0.0.1:"
                + port
                + "/"
                + database
                + "?schema="
                + schema;
    }

    private void configuration(String name, String store) throws IOException {
        Files.writeString(
                folder.resolve(name),
                """
                listen: 127.0.0.1:0
                store: %s
                apps:
                  zoom:
                    provider: zoom
                    token-url: ${ZOOM_TOKEN_URL}
                    api-url: ${ZOOM_API_URL}
                    account-id: ${ZOOM_ACCOUNT_ID}
                    client-id: ${ZOOM_CLIENT_ID}
                    client-secret: ${ZOOM_CLIENT_SECRET}
                    retention: newest-only
                """
                        .formatted(store));
    }

    private static Emulator provider() {
        return provider(LONG);
    }

    private static Emulator provider(Duration life) {
        return Emulator.builder().retention(Retention.newestOnly()).lifetime(life).start();
    }

    private Broker broker(Emulator provider, String file) throws IOException {
        return new Broker(command(provider).start("serve", "--config", file));
    }

    /** A broker as a process of its own. */
    private static final class Broker implements AutoCloseable {
        private final Process process;
        private final String url;

        private Broker(Process process) throws IOException {
            this.process = process;
            BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
            this.url = String.valueOf(err.readLine()).replaceFirst(".*(http://[0-9.:]+).*", "$1");
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    throw new AssertionError("the broker hangs");
                }
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
