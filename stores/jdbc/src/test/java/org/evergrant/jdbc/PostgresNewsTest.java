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
import java.util.ArrayList;
import java.util.Arrays;
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
import org.postgresql.PGConnection;

/** What stores tell each other through a real server. */
@ExtendWith(NothingLeft.class)
@Timeout(90)
class PostgresNewsTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration A_MOMENT = Duration.ofSeconds(3);

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
            int version = writtenUntilBrought(other, 0);
            int before = ear.calls();

            other.cas(ZOOM, version, large);

            Await.until("it was heard", SOON, () -> ear.calls() > before);
            assertThat(ear.news()).containsExactly(new Store.Versioned(version, record(version)));
            assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(version + 1, large));
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
            int version = writtenUntilBrought(other, 100);

            assertThat(ear.news()).containsExactly(new Store.Versioned(version, record(version)));
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void whatIsWrittenAtOnceIsAllToldAlsoByOneThatCloses() throws Exception {
        List<AppId> apps =
                IntStream.range(0, 500).mapToObj(number -> AppId.of("app-" + number)).toList();
        try (Connection listener = listening()) {
            try (PostgresStore store = open()) {
                apps.parallelStream().forEach(app -> store.cas(app, 0, record(1)));
            }

            assertThat(told(listener, apps.size()))
                    .containsExactlyInAnyOrderElementsOf(
                            apps.stream().map(app -> app + " 1").toList());
        }
    }

    @Test
    void tellingGoesOnAfterItsConnectionBroke() throws Exception {
        try (Connection listener = listening();
                PostgresStore store = open()) {
            for (int number = 0; number < 50; number++) {
                AppId app = AppId.of("app-" + number);
                Await.until("it is written", SOON, () -> writes(store, app));
                // What was just written is about to be told.
                store.cut();
            }
            Await.until("it is written", SOON, () -> writes(store, ZOOM));

            Await.until("it is told", SOON, () -> told(listener, 1).contains(ZOOM + " 1"));
        }
    }

    /**
     * Writes until a watch brings what was written, and returns its version. A look may be quicker
     * to find a change than the notice of it, and brings nothing.
     */
    private int writtenUntilBrought(PostgresStore other, int version) {
        int next = version;
        do {
            other.cas(ZOOM, next, record(next + 1));
            next++;
        } while (!Await.holds(A_MOMENT, () -> !ear.news().isEmpty()));
        return next;
    }

    /** Returns whether it is there, written now or by a call whose answer was lost. */
    private static boolean writes(PostgresStore store, AppId app) {
        try {
            return store.cas(app, 0, record(1)) || store.read(app).version() == 1;
        } catch (StoreException cut) {
            return false;
        }
    }

    /** Hears what is told, and nothing else: a store would also find it by looking. */
    private Connection listening() throws SQLException {
        Connection listener = POSTGRES.raw(schema);
        try (Statement listen = listener.createStatement()) {
            listen.execute("LISTEN \"evergrant." + schema + '"');
        }
        return listener;
    }

    /**
     * Returns the apps and versions that are told until there are so many, or it takes too long.
     */
    private static List<String> told(Connection listener, int count) {
        List<String> told = new ArrayList<>();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (told.size() < count && System.nanoTime() - deadline < 0) {
            told.addAll(told(listener));
        }
        return told;
    }

    private static List<String> told(Connection listener) {
        try {
            return Arrays.stream(listener.unwrap(PGConnection.class).getNotifications(10))
                    .map(notice -> notice.getParameter().split(" ", 3))
                    .map(words -> words[0] + " " + words[1])
                    .toList();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
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
            int version = writtenUntilBrought(other, 0);

            assertThat(ear.news()).containsExactly(new Store.Versioned(version, record(version)));
            assertThat(ear.unreadable()).hasSize(1);
            assertThat(store.cas(ZOOM, version, record(version + 1))).isTrue();
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
