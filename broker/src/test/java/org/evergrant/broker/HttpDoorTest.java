package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.evergrant.broker.config.Listen;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class HttpDoorTest {

    /** A core for each, or one of them does all the work while the others idle. */
    @Test
    void connectionsAreSpreadOverAnEventLoopForEachCore() throws Exception {
        Set<Thread> loops = ConcurrentHashMap.newKeySet();
        HttpDoor door = new HttpDoor(new Listen("127.0.0.1", 0), Duration.ofSeconds(1));
        try {
            door.open(
                    request -> {
                        loops.add(Thread.currentThread());
                        request.response().end();
                    },
                    invalid -> invalid.response().setStatusCode(400).end());
            int cores = Runtime.getRuntime().availableProcessors();

            for (int i = 0; i < 4 * cores; i++) {
                assertThat(askOnAConnectionOfItsOwn(door.url())).isEqualTo(200);
            }

            assertThat(loops).hasSize(cores);
        } finally {
            door.drain(Duration.ofSeconds(1));
            door.close();
        }
    }

    private static int askOnAConnectionOfItsOwn(String url) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
