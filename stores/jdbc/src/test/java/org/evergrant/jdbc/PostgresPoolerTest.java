package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.evergrant.servers.PgBouncer;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two connections for everybody, which change hands after each transaction. */
@ExtendWith(NothingLeft.class)
@Timeout(90)
class PostgresPoolerTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int THREADS = 4;
    private static final int EACH = 50;

    @RegisterExtension static final RunningPostgres POSTGRES = new RunningPostgres();

    @TempDir Path folder;
    private final String schema = RunningPostgres.freshSchema();

    @Test
    void statementsOfManyNodesShareTwoConnectionsAndNoneIsLost() throws Exception {
        try (PgBouncer pooler = PgBouncer.start(folder, POSTGRES.server());
                PostgresStore one = through(pooler);
                PostgresStore two = through(pooler)) {
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Store store = i % 2 == 0 ? one : two;
                all.add(CompletableFuture.runAsync(() -> count(store), threads));
            }
            all.forEach(done -> done.orTimeout(60, TimeUnit.SECONDS).join());
            threads.shutdown();

            assertThat(one.read(ZOOM).version()).isEqualTo(THREADS * EACH);
            assertThat(timeoutOf(pooler)).as("what others find on the connection").isEqualTo("0");
        }
    }

    @Test
    void changesAreFoundByLookingBecauseNothingIsHeard() throws Exception {
        try (PgBouncer pooler = PgBouncer.start(folder, POSTGRES.server());
                PostgresStore store = through(pooler);
                PostgresStore direct =
                        PostgresStore.open(POSTGRES.url(schema), RunningPostgres.key())) {
            AtomicLong seen = new AtomicLong();
            try (Store.Watch watch =
                    store.watch(ZOOM, () -> seen.set(store.read(ZOOM).version()))) {
                assertThat(watch).isNotNull();
                for (int version = 0; version < 5; version++) {
                    assertThat(direct.cas(ZOOM, version, record(version + 1))).isTrue();
                    int next = version + 1;
                    Await.until("it was found", SOON, () -> seen.get() == next);
                }
                assertThat(listening()).isZero();
            }
        }
    }

    private PostgresStore through(PgBouncer pooler) {
        return PostgresStore.open(
                POSTGRES.url(schema)
                        .replace(":" + POSTGRES.server().port() + "/", ":" + pooler.port() + "/"),
                RunningPostgres.key());
    }

    private static void count(Store store) {
        int done = 0;
        while (done < EACH) {
            Store.Versioned now = store.read(ZOOM);
            if (store.cas(ZOOM, now.version(), record(now.version() + 1))) {
                done++;
            }
        }
    }

    private static String timeoutOf(PgBouncer pooler) throws SQLException {
        try (Connection connection =
                        java.sql.DriverManager.getConnection(
                                "jdbc:postgresql://127.0.0.1:"
                                        + pooler.port()
                                        + "/postgres?prepareThreshold=0",
                                "postgres",
                                POSTGRES.server().password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW statement_timeout")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private int listening() throws SQLException {
        try (Connection connection = POSTGRES.raw(schema);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE"
                                        + " 'LISTEN%'")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
