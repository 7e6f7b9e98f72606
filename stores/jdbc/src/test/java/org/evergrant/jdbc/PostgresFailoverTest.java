package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.evergrant.StoreException;
import org.evergrant.servers.PostgresServer;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two servers, of which the first dies and the second takes over. */
@ExtendWith(NothingLeft.class)
@Timeout(120)
class PostgresFailoverTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;

    @Test
    void storeGoesOnWithTheStandbyThatWasPromoted() throws Exception {
        try (PostgresServer first =
                        PostgresServer.start(folder.resolve("first"), NothingLeft.CANARY);
                PostgresServer second = first.standby(folder.resolve("second"))) {
            // A commit is acknowledged once the standby has it too.
            replicateBeforeAcknowledging(first);
            String url =
                    first.url("postgres", "")
                            .replace(
                                    "@127.0.0.1:" + first.port(),
                                    "@127.0.0.1:" + second.port() + ",127.0.0.1:" + first.port());
            try (PostgresStore store = PostgresStore.open(url, RunningPostgres.key());
                    PostgresStore other = PostgresStore.open(url, RunningPostgres.key())) {
                AtomicLong seen = new AtomicLong();
                try (Store.Watch watch =
                        store.watch(ZOOM, () -> seen.set(store.read(ZOOM).version()))) {
                    assertThat(watch).isNotNull();
                    for (int version = 0; version < 10; version++) {
                        assertThat(other.cas(ZOOM, version, record(version + 1))).isTrue();
                    }
                    Await.until("all were seen", SOON, () -> seen.get() == 10);

                    first.kill();
                    second.promote();

                    Await.until("it writes to the other", SOON, () -> written(other, 10));
                    assertThat(other.read(ZOOM).version()).isEqualTo(11);
                    Await.until("the watch hears of it", SOON, () -> seen.get() == 11);
                }
            }
        }
    }

    private static boolean written(Store store, long version) {
        try {
            return store.cas(ZOOM, version, record(version + 1));
        } catch (StoreException away) {
            return false;
        }
    }

    private static void replicateBeforeAcknowledging(PostgresServer first) throws SQLException {
        try (Connection connection = RunningPostgres.raw(first, "public");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
            statement.execute("SELECT pg_reload_conf()");
        }
    }
}
