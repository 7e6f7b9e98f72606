package org.evergrant.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.evergrant.emulator.Emulator;

/**
 * Runs commands once, in one process, while the JVM records what they load and link, and which of
 * their code is hot. The launcher does this after a build and keeps the recordings (the AOT
 * caches), so that later starts skip that work: one of the short commands, and one of a broker that
 * takes calls, because a start pays for all that its cache holds. What is not rehearsed still
 * works; it is only slower to start.
 */
final class Rehearsal {
    /** Enough for the JVM to know which code is hot. */
    private static final int CALLS = 20_000;

    private static final int AT_ONCE = 16;
    private static final int LONGEST_START_MS = 20_000;
    private static final int LOOK_MS = 50;

    private Rehearsal() {}

    /** Rehearses {@code short} commands or {@code serve}. */
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        Path folder = Files.createTempDirectory("evergrant-rehearsal");
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
                Emulator provider = Emulator.builder().listen("127.0.0.1", 0).start()) {
            System.setOut(nowhere);
            System.setErr(nowhere);
            String file = configuration(folder, provider).toString();
            if (args[0].equals("serve")) {
                serve(file);
            } else {
                for (String[] command : commands(file)) {
                    Main.run(command);
                }
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
            delete(folder);
        }
        System.exit(Exit.DONE);
    }

    /** The first token is minted, the second comes from the store. */
    private static List<String[]> commands(String file) {
        return List.of(
                args("--version"),
                args("--help"),
                args("--no-such-option"),
                args("token", "zoom", "--config", file),
                args("token", "zoom", "--config", file),
                args("token", "zoom", "--config", file, "--header"),
                args("token", "zoom", "--config", file, "--json"),
                args("exec", "zoom", "--config", file, "--", "true"),
                args("status", "--config", file),
                args("status", "--config", file, "--json"),
                args("renew", "zoom", "--config", file),
                args("check", "--config", file));
    }

    /** A broker and callers of its token route and its proxy; ends with the process. */
    private static void serve(String file) throws IOException, InterruptedException {
        int port = freePort();
        String listen = "127.0.0.1:" + port;
        Thread broker =
                new Thread(
                        () -> Main.run("serve", "--config", file, "--listen", listen), "rehearsal");
        broker.setDaemon(true);
        broker.start();
        awaitPort(port);
        String basic =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (Emulator.DEMO_CLIENT + ":" + Emulator.DEMO_SECRET)
                                                .getBytes(StandardCharsets.UTF_8));
        HttpRequest token =
                HttpRequest.newBuilder(URI.create("http://" + listen + "/oauth/token"))
                        .header("Authorization", basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                        .build();
        HttpRequest call =
                HttpRequest.newBuilder(
                                URI.create("http://" + listen + "/apps/zoom/api/v2/users/me"))
                        .header("Authorization", basic)
                        .build();
        Semaphore turns = new Semaphore(AT_ONCE);
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < CALLS; i++) {
                turns.acquire();
                CompletableFuture<HttpResponse<Void>> _ =
                        client.sendAsync(
                                        i % 2 == 0 ? call : token,
                                        HttpResponse.BodyHandlers.discarding())
                                .whenComplete((answer, failure) -> turns.release());
            }
            turns.acquire(AT_ONCE);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(int port) throws InterruptedException {
        for (int i = 0; i < LONGEST_START_MS / LOOK_MS; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                Thread.sleep(LOOK_MS);
            }
        }
        throw new IllegalStateException("the broker did not start");
    }

    private static Path configuration(Path folder, Emulator provider) throws IOException {
        return Files.writeString(
                folder.resolve("evergrant.yaml"),
                """
                store: sqlite:evergrant.db
                apps:
                  zoom:
                    provider: zoom
                    token-url: %s
                    api-url: %s
                    account-id: %s
                    client-id: %s
                    client-secret: %s
                """
                        .formatted(
                                provider.tokenUrl(),
                                provider.apiUrl(),
                                Emulator.DEMO_ACCOUNT,
                                Emulator.DEMO_CLIENT,
                                Emulator.DEMO_SECRET));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static String[] args(String... args) {
        return args;
    }
}
