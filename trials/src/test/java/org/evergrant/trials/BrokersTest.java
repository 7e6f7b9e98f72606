package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Retention;
import org.evergrant.jdbc.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broker processes on one SQLite file, two at once and killed for real. */
class BrokersTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void twoBrokersShareOneToken() throws Exception {
        try (Emulator provider = provider(6);
                Api api = new Api(provider.url());
                BrokerProcess one = start("one", provider);
                BrokerProcess two = start("two", provider)) {
            long until = System.nanoTime() + Duration.ofSeconds(15).toNanos();
            int calls = 0;
            while (System.nanoTime() - until < 0) {
                BrokerProcess broker = calls++ % 2 == 0 ? one : two;
                assertThat(api.call(broker.token())).isEqualTo(200);
                LockSupport.parkNanos(5_000_000);
            }

            assertThat(calls).isGreaterThan(200);
            assertThat(provider.state().api401()).isZero();
            assertThat(provider.state().mints()).isEqualTo(generation(provider));
        }
    }

    @Test
    void promisesOutliveKillNine() throws Exception {
        try (Emulator provider = provider(3600);
                BrokerProcess broker = start("killed", provider)) {
            String before = broker.token();

            broker.kill();
            broker.restart();

            assertThat(broker.token()).isEqualTo(before).isNotEmpty();
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void brokerKilledAtAnyMomentBreaksNoPromise() throws Exception {
        Random random = new Random(7);
        try (Emulator provider = provider(6);
                Api api = new Api(provider.url());
                BrokerProcess stays = start("stays", provider);
                BrokerProcess dies = start("dies", provider)) {
            long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            int calls = 0;
            while (System.nanoTime() - until < 0) {
                long next = System.nanoTime() + random.nextLong(1_500_000_000L);
                while (System.nanoTime() - next < 0) {
                    BrokerProcess broker = calls++ % 2 == 0 ? stays : dies;
                    String token = broker.token();
                    if (!token.isEmpty()) {
                        assertThat(api.call(token)).isEqualTo(200);
                    }
                    LockSupport.parkNanos(5_000_000);
                }
                dies.kill();
                dies.restart();
            }

            assertThat(calls).isGreaterThan(200);
            assertThat(provider.state().api401()).isZero();
        }
    }

    private BrokerProcess start(String name, Emulator provider) throws Exception {
        return BrokerProcess.start(folder, name, provider.url(), "newest-only");
    }

    private long generation(Emulator provider) {
        try (SqliteStore store = SqliteStore.open(folder.resolve("evergrant.db"))) {
            return store.read(Worker.app(provider.url(), "newest-only").recordId())
                    .record()
                    .generation();
        }
    }

    private static Emulator provider(int lifeSeconds) {
        return Emulator.builder()
                .retention(Retention.newestOnly())
                .lifetime(Duration.ofSeconds(lifeSeconds))
                .latency(Duration.ofMillis(50))
                .start();
    }
}
