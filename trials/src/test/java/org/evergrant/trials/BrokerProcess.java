package org.evergrant.trials;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.broker.Broker;
import org.evergrant.broker.config.Configuration;

/** A broker in a process of its own, that can be killed. */
final class BrokerProcess implements AutoCloseable {
    private static final String CREDENTIALS =
            Base64.getEncoder()
                    .encodeToString("demo-client:demo-secret".getBytes(StandardCharsets.UTF_8));

    /** A broker that is asked whether it is ready answers sooner. */
    private static final Duration READY_WAIT = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final Path configuration;
    private final int port;
    private Process process;

    private BrokerProcess(Path folder, Path configuration, int port) throws IOException {
        this.folder = folder;
        this.configuration = configuration;
        this.port = port;
        this.process = launch();
    }

    /** Starts one on the SQLite file in {@code folder}, and waits until it is ready. */
    static BrokerProcess start(Path folder, String name, String provider, String retention)
            throws IOException {
        int port = KillTrial.freePort();
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(
                file,
                """
                listen: 127.0.0.1:%d
                store: sqlite:evergrant.db
                apps:
                  zoom:
                    provider: zoom
                    token-url: %s/oauth/token
                    api-url: %s
                    account-id: demo-account
                    client-id: demo-client
                    client-secret: demo-secret
                    retention: %s
                    mint-deadline: 1s
                """
                        .formatted(port, provider, provider, retention));
        BrokerProcess broker = new BrokerProcess(folder, file, port);
        broker.awaitReady();
        return broker;
    }

    /** Runs a broker until the process is stopped. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) throws InterruptedException {
            Broker broker = Broker.start(Configuration.load(Path.of(args[0]), System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
            new CountDownLatch(1).await();
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Returns the access token, or an empty text when the broker gives none. */
    String token() throws InterruptedException {
        HttpRequest ask =
                HttpRequest.newBuilder(URI.create(url() + "/oauth/token"))
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", "Basic " + CREDENTIALS)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                        .build();
        try {
            HttpResponse<String> answer = http.send(ask, BodyHandlers.ofString());
            String body = answer.body();
            String start = "\"access_token\":\"";
            int at = body.indexOf(start);
            return answer.statusCode() == 200
                    ? body.substring(at + start.length(), body.indexOf('"', at + start.length()))
                    : "";
        } catch (IOException gone) {
            return "";
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void restart() throws IOException {
        process = launch();
        awaitReady();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the broker does not stop");
            }
        } catch (InterruptedException hurry) {
            process.destroyForcibly();
        }
        http.close();
    }

    private Process launch() throws IOException {
        return JavaProcess.of(Main.class, configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return folder.resolve(configuration.getFileName() + ".log");
    }

    private void awaitReady() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!isReady()) {
            if (System.nanoTime() - deadline > 0 || !process.isAlive()) {
                throw new AssertionError("not ready: " + Files.readString(log()));
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private boolean isReady() {
        return isReady(http, port);
    }

    /** Returns whether a broker answers on loopback that it can be used. */
    static boolean isReady(HttpClient http, int port) {
        HttpRequest ask =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                        .timeout(READY_WAIT)
                        .build();
        try {
            return http.send(ask, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
