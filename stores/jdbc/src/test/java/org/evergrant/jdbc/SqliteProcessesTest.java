package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one file. */
@ExtendWith(NothingLeft.class)
@Timeout(180)
class SqliteProcessesTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir Path folder;
    private final List<SqliteProcess> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(SqliteProcess::close);
    }

    @Test
    void noIncrementOfFourProcessesIsLost() throws Exception {
        Path file = folder.resolve("evergrant.db");
        int processes = 4;
        int each = 250;
        for (int i = 0; i < processes; i++) {
            start(file, "increment", Integer.toString(each));
        }

        for (SqliteProcess process : started) {
            process.go();
        }

        for (SqliteProcess process : started) {
            assertThat(process.exitCode()).isZero();
        }
        try (SqliteStore store = SqliteStore.open(file)) {
            Store.Versioned end = store.read(ZOOM);
            assertThat(end.version()).isEqualTo(1000);
            assertThat(end.record().generation()).isEqualTo(1000);
        }
    }

    @Test
    void whatWasAcknowledgedOutlivesKillNine() throws Exception {
        Path file = folder.resolve("evergrant.db");
        Random random = new Random(9);
        long acknowledged = 0;
        for (int round = 0; round < 5; round++) {
            SqliteProcess process = start(file, "increment", "1000000");
            process.go();
            assertThat(process.line()).isEqualTo("opened");
            for (int lines = 1 + random.nextInt(60); lines > 0; lines--) {
                acknowledged = Long.parseLong(process.line());
            }
            process.kill();
            acknowledged = Math.max(acknowledged, lastOf(process, acknowledged));

            try (SqliteStore store = SqliteStore.open(file)) {
                Store.Versioned now = store.read(ZOOM);
                assertThat(now.version())
                        .as("version after round %s", round)
                        .isBetween(acknowledged, acknowledged + 1);
                assertThat(now.record().generation()).isEqualTo(now.version());
                assertThat(store.cas(ZOOM, now.version(), record(now.version() + 1))).isTrue();
                acknowledged = now.version() + 1;
            }
            assertThat(integrity(file)).isEqualTo("ok");
        }
    }

    @Test
    void processesThatMakeTheDatabaseAtTheSameMomentAgree() throws Exception {
        for (int round = 0; round < 3; round++) {
            Path file = folder.resolve("state" + round).resolve("evergrant.db");
            started.clear();
            for (int i = 0; i < 4; i++) {
                start(file, "increment", "5");
            }

            for (SqliteProcess process : started) {
                process.go();
            }

            for (SqliteProcess process : started) {
                assertThat(process.exitCode()).as("round %s", round).isZero();
            }
            try (SqliteStore store = SqliteStore.open(file)) {
                assertThat(store.read(ZOOM).version()).isEqualTo(20);
            }
            try (Stream<Path> left = Files.list(folder.resolve("state" + round))) {
                assertThat(left.map(Path::getFileName).map(Path::toString))
                        .containsExactlyInAnyOrder("evergrant.db", "evergrant.db.key");
            }
        }
    }

    @Test
    void aProcessKilledWhileItMakesTheDatabaseHarmsNobody() throws Exception {
        Random random = new Random(4);
        for (int round = 0; round < 5; round++) {
            Path file = folder.resolve("half" + round).resolve("evergrant.db");
            SqliteProcess process = start(file, "open");
            process.go();
            Path first = random.nextBoolean() ? file : Path.of(file + ".key");
            Await.until("it began", SOON, () -> Files.exists(first));
            process.kill();

            try (SqliteStore store = SqliteStore.open(file)) {
                assertThat(store.cas(ZOOM, 0, record(1))).isTrue();
            }
        }
    }

    @Test
    void aLibraryThatCannotBeUnpackedIsSaid() throws Exception {
        SqliteProcess process = start(folder.resolve("evergrant.db"), "nowhere");

        process.go();

        assertThat(process.line())
                .startsWith("MisconfiguredException SQLite's own library could not be loaded")
                .contains("expected: a folder in java.io.tmpdir, or org.sqlite.lib.path");
    }

    private SqliteProcess start(Path file, String... what) throws IOException {
        SqliteProcess process = SqliteProcess.start(file, what);
        started.add(process);
        return process;
    }

    /** Returns the last generation that it said before it died. */
    private static long lastOf(SqliteProcess process, long before) throws IOException {
        long last = before;
        for (String line = process.line(); line.matches("[0-9]+"); line = process.line()) {
            last = Long.parseLong(line);
        }
        return last;
    }

    private static String integrity(Path file) throws Exception {
        try (Connection connection = Samples.raw(file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
