package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.evergrant.AppId;
import org.evergrant.StoreException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.Ear;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stores tell each other through a real server. */
@ExtendWith(NothingLeft.class)
@Timeout(90)
class PostgresNewsTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @RegisterExtension static final RunningPostgres POSTGRES = new RunningPostgres();

    private final String schema = RunningPostgres.freshSchema();
    private final Ear ear = new Ear();

    @Test
    void whatWasWrittenIsBroughtAlongUnlessItIsLarge() throws Exception {
        List<Instant> spent = Collections.nCopies(1000, Instant.EPOCH);
        AppRecord large = new AppRecord(2, record(2).tokens(), null, null, spent, 0, null);
        try (PostgresStore store = open();
                PostgresStore other = open();
                Store.Watch watch = store.watch(ZOOM, ear)) {
            awaitListener();
            other.cas(ZOOM, 0, record(1));
            Await.until("it was heard", SOON, () -> !ear.news().isEmpty());
            int before = ear.calls();

            other.cas(ZOOM, 1, large);

            Await.until("it was heard", SOON, () -> ear.calls() > before);
            assertThat(ear.news()).containsExactly(new Store.Versioned(1, record(1)));
            assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(2, large));
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void ownWritesAreNoNews() throws Exception {
        try (PostgresStore store = open();
                PostgresStore other = open();
                Store.Watch watch = store.watch(ZOOM, ear)) {
            awaitListener();
            for (int version = 0; version < 100; version++) {
                store.cas(ZOOM, version, record(version + 1));
            }
            other.cas(ZOOM, 100, record(101));

            Await.until("the other's was heard", SOON, () -> !ear.news().isEmpty());
            assertThat(ear.news()).containsExactly(new Store.Versioned(101, record(101)));
            assertThat(watch).isNotNull();
        }
    }

    /** A look would find that something changed, but brings nothing along. */
    @Test
    void whatIsWrittenAtOnceIsAllToldAlsoByOneThatCloses() throws Exception {
        List<AppId> apps =
                IntStream.range(0, 500).mapToObj(number -> AppId.of("app-" + number)).toList();
        try (PostgresStore store = open()) {
            List<Store.Watch> watches = apps.stream().map(app -> store.watch(app, ear)).toList();
            awaitListener();
            try (PostgresStore other = open()) {
                apps.parallelStream().forEach(app -> other.cas(app, 0, record(1)));
            }
            Await.until("all were heard", SOON, () -> ear.news().size() == watches.size());
        }
    }

    @Test
    void tellingGoesOnAfterItsConnectionBroke() throws Exception {
        try (PostgresStore store = open();
                PostgresStore other = open();
                Store.Watch watch = store.watch(ZOOM, ear)) {
            awaitListener();
            other.cas(ZOOM, 0, record(1));
            Await.until("it was heard", SOON, () -> ear.news().size() == 1);

            other.cut();
            Await.until("it reads again", SOON, () -> reads(other));
            other.cas(ZOOM, 1, record(2));

            Await.until("it was heard", SOON, () -> ear.news().size() == 2);
            assertThat(watch).isNotNull();
        }
    }

    private static boolean reads(PostgresStore store) {
        try {
            return store.read(ZOOM).version() == 1;
        } catch (StoreException away) {
            return false;
        }
    }

    /** Any role of a database can say something on any channel. */
    @Test
    void whatSomebodyElseSaysIsNotBelieved() throws Exception {
        try (PostgresStore store = open();
                PostgresStore other = open();
                Store.Watch watch = store.watch(ZOOM, ear)) {
            awaitListener();
            for (String said :
                    List.of(
                            "x",
                            "zoom 9 ab",
                            "zoom 9 ab AAAA AAAA",
                            "zoom 9 ab AAAA =A==",
                            "zoom 99999999999999999999 ab AAAA AAAA",
                            "../zoom 9 ab AAAA AAAA")) {
                say(said);
            }
            other.cas(ZOOM, 0, record(1));

            Await.until("the write was heard", SOON, () -> !ear.news().isEmpty());
            assertThat(ear.news()).containsExactly(new Store.Versioned(1, record(1)));
            assertThat(ear.unreadable()).hasSize(1);
            assertThat(store.cas(ZOOM, 1, record(2))).isTrue();
            assertThat(watch).isNotNull();
        }
    }

    private PostgresStore open() {
        return PostgresStore.open(POSTGRES.url(schema), RunningPostgres.key());
    }

    private void say(String what) throws SQLException {
        try (Connection connection = POSTGRES.raw(schema);
                Statement statement = connection.createStatement()) {
            statement.execute("NOTIFY \"evergrant." + schema + "\", '" + what + "'");
        }
    }

    private void awaitListener() {
        String sql =
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN \"evergrant."
                        + schema
                        + "\"%' OR (application_name = 'evergrant' AND query LIKE"
                        + " '%pg_snapshot%"
                        + schema
                        + "%')";
        Await.until("one listens", SOON, () -> number(sql) > 0);
    }

    private long number(String sql) {
        try (Connection connection = POSTGRES.raw(schema);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
