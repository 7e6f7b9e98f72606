package org.evergrant.bench.scale;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.evergrant.broker.Broker;
import org.evergrant.broker.config.Configuration;

/**
 * A broker of many apps that nobody has asked for yet.
 *
 * @param yaml bytes of its configuration file
 * @param readMs how long that took to read
 * @param startMs from there until it has answered once
 * @param heap bytes of it all
 */
record BrokerFootprint(long yaml, long readMs, long startMs, long heap) {

    static BrokerFootprint of(int apps) throws IOException, InterruptedException {
        Path file = Files.createTempFile("evergrant-scale", ".yaml");
        try {
            write(file, apps);
            long empty = Heap.used();
            long begun = System.nanoTime();
            Configuration configuration = Configuration.load(file, Map.of());
            long read = System.nanoTime();
            try (Broker broker = Broker.start(configuration)) {
                ask(broker.url() + "/healthz");
                long started = System.nanoTime();
                return new BrokerFootprint(
                        Files.size(file),
                        TimeUnit.NANOSECONDS.toMillis(read - begun),
                        TimeUnit.NANOSECONDS.toMillis(started - read),
                        Heap.used() - empty);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void ask(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IllegalStateException("the broker answered " + status);
            }
        }
    }

    private static void write(Path file, int apps) throws IOException {
        try (BufferedWriter yaml = Files.newBufferedWriter(file)) {
            yaml.write("listen: 127.0.0.1:0\nstore: memory\napps:\n");
            for (int i = 0; i < apps; i++) {
                yaml.write(
                        """
                          app-%1$d:
                            provider: zoom
                            account-id: account-%1$d
                            client-id: client-%1$d
                            client-secret: secret-%1$d
                            retention: newest-only
                        """
                                .formatted(i));
            }
        }
    }
}
