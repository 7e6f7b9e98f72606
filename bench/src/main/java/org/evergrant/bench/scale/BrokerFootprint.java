package org.evergrant.bench.scale;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.evergrant.broker.Broker;
import org.evergrant.broker.config.Configuration;

/**
 * A broker of many apps, before anybody asked for one, and after somebody asked for each.
 *
 * @param yaml bytes of its configuration file
 * @param readMs how long that took to read
 * @param startMs from there until it has answered once
 * @param heap bytes of it all, nobody has asked
 * @param inUse bytes of it all, with a token of every app
 */
record BrokerFootprint(long yaml, long readMs, long startMs, long heap, long inUse) {
    /** Asks under way at any time. */
    private static final int AT_ONCE = 64;

    /** A line for each mint is not part of the report. Held, or the level would be forgotten. */
    private static final Logger JOURNAL = Logger.getLogger("org.evergrant.broker");

    static BrokerFootprint of(int apps) throws IOException, InterruptedException {
        JOURNAL.setLevel(Level.WARNING);
        Path file = Files.createTempFile("evergrant-scale", ".yaml");
        HttpServer provider = provider();
        try {
            write(file, apps, provider.getAddress().getPort());
            long empty = Heap.used();
            long begun = System.nanoTime();
            Configuration configuration = Configuration.load(file, Map.of());
            long read = System.nanoTime();
            try (Broker broker = Broker.start(configuration)) {
                askForOne(broker.url() + "/healthz");
                long started = System.nanoTime();
                long idle = Heap.used() - empty;
                askForEach(broker.url(), apps);
                return new BrokerFootprint(
                        Files.size(file),
                        TimeUnit.NANOSECONDS.toMillis(read - begun),
                        TimeUnit.NANOSECONDS.toMillis(started - read),
                        idle,
                        Heap.used() - empty);
            }
        } finally {
            provider.stop(0);
            Files.delete(file);
        }
    }

    /** Grants everybody a token that lives an hour. */
    private static HttpServer provider() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicLong minted = new AtomicLong();
        server.createContext(
                "/", call -> grant(call, TimedMinter.VALUE + minted.incrementAndGet()));
        server.start();
        return server;
    }

    private static void grant(HttpExchange call, String token) throws IOException {
        byte[] answer =
                ("{\"access_token\":\""
                                + token
                                + "\",\"token_type\":\"bearer\",\"expires_in\":3600}")
                        .getBytes(StandardCharsets.UTF_8);
        call.getRequestBody().readAllBytes();
        call.getResponseHeaders().set("Content-Type", "application/json");
        call.sendResponseHeaders(200, answer.length);
        call.getResponseBody().write(answer);
        call.close();
    }

    private static void askForOne(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            verify(client.send(request, HttpResponse.BodyHandlers.discarding()));
        }
    }

    private static void askForEach(String url, int apps) throws InterruptedException {
        Semaphore turns = new Semaphore(AT_ONCE);
        Queue<Throwable> refused = new ConcurrentLinkedQueue<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < apps; i++) {
                turns.acquire();
                CompletableFuture<Void> _ =
                        client.sendAsync(ask(url, i), HttpResponse.BodyHandlers.discarding())
                                .thenAccept(BrokerFootprint::verify)
                                .whenComplete((done, failure) -> {
                                    if (failure != null) {
                                        refused.add(failure);
                                    }
                                    turns.release();
                                });
            }
            turns.acquire(AT_ONCE);
        }
        if (!refused.isEmpty()) {
            throw new IllegalStateException(refused.size() + " apps have no token", refused.peek());
        }
    }

    private static HttpRequest ask(String url, int app) {
        String credentials = "client-" + app + ":secret-" + app;
        String basic =
                Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(url + "/apps/app-" + app + "/oauth/token"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
    }

    private static void verify(HttpResponse<Void> answer) {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the broker answered " + answer.statusCode());
        }
    }

    private static void write(Path file, int apps, int provider) throws IOException {
        try (BufferedWriter yaml = Files.newBufferedWriter(file)) {
            yaml.write("listen: 127.0.0.1:0\nstore: memory\napps:\n");
            for (int i = 0; i < apps; i++) {
                yaml.write(
                        """
                          app-%1$d:
                            provider: zoom
                            token-url: http://127.0.0.1:%2$d/oauth/token
                            account-id: account-%1$d
                            client-id: client-%1$d
                            client-secret: secret-%1$d
                            retention: newest-only
                        """
                                .formatted(i, provider));
            }
        }
    }
}
