package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.ProxyFixture.BEARER;
import static org.evergrant.broker.ProxyFixture.api;
import static org.evergrant.broker.ProxyFixture.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.emulator.Emulator;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two thousand callers who do not finish what they begin. */
@ExtendWith(NothingLeft.class)
final class ProxyCrowdTest {
    private static final int CALLERS = 2000;

    /** By how a caller can be slow: in its head, in a short body, in a long one, in chunks. */
    private static final List<String> BEGINNINGS =
            List.of(
                    "GET /apps/zoom/api/v2/users/me HTTP/1.1\r\nHost: x\r\n",
                    put("Content-Length: 60000\r\n") + "x",
                    put("Content-Length: 600000\r\n") + "x",
                    put("Transfer-Encoding: chunked\r\n") + "1\r\nx\r\n");

    @Test
    void slowCallersHoldNoThreadAndLeaveNothingBehind() throws Exception {
        try (Emulator provider = Emulator.start();
                Broker broker = broker(provider, provider.apiUrl())) {
            assertThat(status(broker)).isEqualTo(200);
            int threads = Thread.activeCount();
            List<SocketChannel> slow = new ArrayList<>();
            try {
                for (int i = 0; i < CALLERS; i++) {
                    slow.add(begin(broker, BEGINNINGS.get(i % BEGINNINGS.size())));
                }
                Await.until(
                        "the uploads are on their way",
                        Duration.ofSeconds(30),
                        () -> inFlight(broker) >= CALLERS / 2);

                assertThat(status(broker)).isEqualTo(200);
                // A pool may have made one or the other of its few only now.
                assertThat(Thread.activeCount() - threads).isLessThan(CALLERS / 100);
            } finally {
                for (SocketChannel one : slow) {
                    one.close();
                }
            }

            Await.until("all calls are over", Duration.ofSeconds(30), () -> inFlight(broker) == 0);
            assertThat(status(broker)).isEqualTo(200);
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    private static String put(String framing) {
        return "PUT /apps/zoom/api/v2/files HTTP/1.1\r\nHost: x\r\nAuthorization: "
                + BEARER
                + "\r\n"
                + framing
                + "\r\n";
    }

    private static SocketChannel begin(Broker broker, String beginning) throws IOException {
        SocketChannel channel =
                SocketChannel.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()));
        channel.write(ByteBuffer.wrap(beginning.getBytes(StandardCharsets.UTF_8)));
        return channel;
    }

    private static int status(Broker broker) {
        return get(api(broker, "/v2/users/me"), "Authorization", BEARER).statusCode();
    }

    private static double inFlight(Broker broker) {
        String name = "evergrant_proxy_in_flight{app=\"zoom\"} ";
        String page = get(broker.url() + "/metrics").body();
        int from = page.indexOf(name) + name.length();
        return Double.parseDouble(page.substring(from, page.indexOf('\n', from)));
    }
}
