package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.evergrant.AppId;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a real server does to a store beyond the contract. */
@ExtendWith(NothingLeft.class)
@Timeout(90)
class PostgresServerTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @RegisterExtension static final RunningPostgres POSTGRES = new RunningPostgres();

    private final String schema = RunningPostgres.freshSchema();

    @Test
    void whatWasAcknowledgedOutlivesKillNineOfTheServer() throws Exception {
        try (PostgresStore store = open()) {
            for (int round = 0; round < 3; round++) {
                AtomicLong acknowledged = new AtomicLong(store.read(ZOOM).version());
                Thread writer = new Thread(() -> write(store, acknowledged), "writer");
                writer.start();
                long enough = acknowledged.get() + 100;
                Await.until("it has written", SOON, () -> acknowledged.get() >= enough);

                POSTGRES.server().kill();
                writer.join();
                POSTGRES.server().start();

                Store.Versioned end = eventually(() -> store.read(ZOOM));
                assertThat(end.version()).isBetween(acknowledged.get(), acknowledged.get() + 1);
                assertThat(end.record().generation()).isEqualTo(end.version());
            }
        }
    }

    @Test
    void watchComesBackAfterTheServerWasStartedAnew() throws Exception {
        try (PostgresStore store = open();
                PostgresStore other = open()) {
            AtomicInteger calls = new AtomicInteger();
            try (Store.Watch watch = store.watch(ZOOM, calls::incrementAndGet)) {
                assertThat(watch).isNotNull();
                other.cas(ZOOM, 0, record(1));
                Await.until("it heard", SOON, () -> calls.get() > 0);

                POSTGRES.server().stop();
                POSTGRES.server().start();

                assertThat(eventually(() -> other.cas(ZOOM, 1, record(2)))).isTrue();
                int before = calls.get();
                Await.until("it caught up", SOON, () -> calls.get() > 0);
                assertThat(eventually(() -> other.cas(ZOOM, 2, record(3)))).isTrue();
                Await.until("it hears again", SOON, () -> calls.get() > before);
            }
        }
    }

    @Test
    void listenerThatIsTerminatedListensAgain() throws Exception {
        try (PostgresStore store = open();
                PostgresStore other = open()) {
            AtomicLong seen = new AtomicLong();
            try (Store.Watch watch =
                    store.watch(ZOOM, () -> seen.set(store.read(ZOOM).version()))) {
                assertThat(watch).isNotNull();
                for (int version = 0; version < 4; version++) {
                    Await.until(
                            "one listens",
                            SOON,
                            () -> count("query LIKE 'LISTEN%' OR query LIKE '%pg_snapshot%'") > 0);
                    POSTGRES.terminate("(query LIKE 'LISTEN%' OR query LIKE '%pg_snapshot%')");

                    assertThat(other.cas(ZOOM, version, record(1))).isTrue();

                    int next = version + 1;
                    Await.until("the change was seen", SOON, () -> seen.get() == next);
                }
            }
        }
    }

    @Test
    void connectionsThatWereTerminatedWhileIdleAreReplacedAfterOneFailure() throws Exception {
        try (PostgresStore store = open()) {
            onThreads(4, () -> store.read(ZOOM));
            POSTGRES.terminate("true");
            int failures = 0;
            boolean read = false;
            while (!read) {
                try {
                    store.read(ZOOM);
                    read = true;
                } catch (StoreException cut) {
                    failures++;
                }
            }
            assertThat(failures).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void changeThatNobodyToldIsFoundByTheNextLook() throws Exception {
        try (PostgresStore store = open();
                PostgresStore other = open()) {
            other.cas(ZOOM, 0, record(1));
            AtomicLong seen = new AtomicLong();
            try (Store.Watch watch =
                    store.watch(ZOOM, () -> seen.set(store.read(ZOOM).version()))) {
                assertThat(watch).isNotNull();
                Await.until("the first look", SOON, () -> seen.get() == 1);

                POSTGRES.sql(
                        schema, "UPDATE record SET version = 2, revision = pg_current_xact_id()");

                Await.until("the change was found", SOON, () -> seen.get() == 2);
            }
        }
    }

    /** The number of the change is taken first, and the change seen last. */
    @Test
    void changeThatCommitsAfterLaterOnesIsFound() throws Exception {
        AppId webex = AppId.of("webex");
        try (PostgresStore store = open();
                Connection slow = POSTGRES.raw(schema);
                Statement statement = slow.createStatement()) {
            store.cas(ZOOM, 0, record(1));
            store.cas(webex, 0, record(1));
            AtomicLong zoom = new AtomicLong();
            AtomicLong other = new AtomicLong();
            try (Store.Watch one = store.watch(ZOOM, () -> zoom.set(store.read(ZOOM).version()));
                    Store.Watch two =
                            store.watch(webex, () -> other.set(store.read(webex).version()))) {
                assertThat(one).isNotSameAs(two);
                Await.until("the first look", SOON, () -> zoom.get() == 1 && other.get() == 1);
                slow.setAutoCommit(false);
                statement.execute(
                        "UPDATE record SET version = 2, revision = pg_current_xact_id()"
                                + " WHERE app = 'zoom'");
                POSTGRES.sql(
                        schema,
                        "UPDATE record SET version = 2, revision = pg_current_xact_id()"
                                + " WHERE app = 'webex'");
                Await.until("the later one was found", SOON, () -> other.get() == 2);

                slow.commit();

                Await.until("the slow one was found", SOON, () -> zoom.get() == 2);
            }
        }
    }

    @Test
    void oneConnectionListensWhateverTheNumberOfApps() throws Exception {
        try (PostgresStore store = open()) {
            AtomicInteger calls = new AtomicInteger();
            for (int i = 0; i < 500; i++) {
                store.watch(AppId.of("app-" + i), calls::incrementAndGet);
            }
            Await.until("the first look", SOON, () -> calls.get() >= 500);

            assertThat(count("true")).isEqualTo(2);
        }
    }

    @Test
    void clockIsTheServers() throws Exception {
        try (PostgresStore store = open()) {
            Instant before = serverTime();
            Instant now = store.now();
            Instant after = serverTime();

            assertThat(now).isBetween(before, after);
        }
    }

    @Test
    void roleThatMayNotMakeTablesIsToldOfTheScriptWhichMakesThem() throws Exception {
        String role = "worker_" + schema;
        POSTGRES.sql(
                "public", "CREATE ROLE " + role + " LOGIN PASSWORD '" + NothingLeft.CANARY + "'");
        String url = POSTGRES.url(schema).replaceFirst("//[^:]*:", "//" + role + ":");

        assertThatThrownBy(() -> PostgresStore.open(url, RunningPostgres.key()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("may not make them")
                .hasMessageContaining("evergrant store schema");

        POSTGRES.sql("public", PostgresStore.script(PostgresUrl.parse(url)));
        try (PostgresStore store = PostgresStore.open(url, RunningPostgres.key());
                PostgresStore other = open()) {
            AtomicInteger calls = new AtomicInteger();
            store.watch(ZOOM, calls::incrementAndGet);
            Await.until("the first look", SOON, () -> calls.get() > 0);
            assertThat(store.cas(ZOOM, 0, record(1))).isTrue();
            assertThat(other.cas(ZOOM, 1, record(2))).isTrue();
            Await.until("the change was seen", SOON, () -> calls.get() > 2);
        }
    }

    @Test
    void storesThatMakeTheTablesAtTheSameMomentAgree() throws Exception {
        for (int round = 0; round < 5; round++) {
            String fresh = RunningPostgres.freshSchema();
            onThreads(
                    6,
                    () -> {
                        try (PostgresStore store =
                                PostgresStore.open(POSTGRES.url(fresh), RunningPostgres.key())) {
                            return store.read(ZOOM);
                        }
                    });
        }
    }

    @Test
    void ofTwoKeysAtTheSameMomentTheOtherIsRefused() throws Exception {
        List<SealingKey> keys =
                List.of(
                        RunningPostgres.key(),
                        SealingKey.fromText(SealingKey.newText(), "EVERGRANT_KEY"));
        AtomicInteger next = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();

        onThreads(
                2,
                () -> {
                    try (PostgresStore store =
                            PostgresStore.open(
                                    POSTGRES.url(schema), keys.get(next.getAndIncrement()))) {
                        return store.read(ZOOM);
                    } catch (MisconfiguredException other) {
                        refused.incrementAndGet();
                        assertThat(other).hasMessageContaining("sealed with the key");
                        return "";
                    }
                });

        assertThat(refused).hasValue(1);
    }

    @Test
    void noTokenLiesReadableInTheTable() throws Exception {
        try (PostgresStore store = open();
                Connection connection = POSTGRES.raw(schema);
                Statement statement = connection.createStatement()) {
            store.cas(ZOOM, 0, record(1));

            try (var rows =
                    statement.executeQuery(
                            "SELECT count(*) FROM record WHERE position('"
                                    + NothingLeft.CANARY
                                    + "'::bytea IN bytes) > 0")) {
                rows.next();
                assertThat(rows.getInt(1)).isZero();
            }
        }
    }

    private PostgresStore open() {
        return PostgresStore.open(POSTGRES.url(schema), RunningPostgres.key());
    }

    /** Writes until it is told that the server is gone. */
    private static void write(Store store, AtomicLong acknowledged) {
        try {
            while (true) {
                long next = acknowledged.get() + 1;
                if (store.cas(ZOOM, next - 1, record(next))) {
                    acknowledged.set(next);
                }
            }
        } catch (StoreException gone) {
            return;
        }
    }

    private interface Ask<T> {
        T get() throws EvergrantException;
    }

    private static <T> T eventually(Ask<T> ask) {
        List<T> answer = new ArrayList<>();
        Await.until(
                "the store answers",
                SOON,
                () -> {
                    try {
                        answer.add(ask.get());
                        return true;
                    } catch (StoreException away) {
                        return false;
                    }
                });
        return answer.get(0);
    }

    private static void onThreads(int count, java.util.concurrent.Callable<Object> job)
            throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(count);
        try {
            List<java.util.concurrent.Callable<Object>> jobs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                jobs.add(job);
            }
            for (Future<Object> done : pool.invokeAll(jobs)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Returns how many sessions of stores there are like that. */
    private static int count(String which) {
        try (Connection connection = POSTGRES.raw("public");
                Statement statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                                        + " 'evergrant' AND ("
                                        + which
                                        + ")")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Instant serverTime() throws SQLException {
        try (Connection connection = POSTGRES.raw("public");
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT clock_timestamp()")) {
            rows.next();
            return rows.getObject(1, java.time.OffsetDateTime.class).toInstant();
        }
    }
}
