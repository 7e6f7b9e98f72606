package org.evergrant.jdbc;

import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.raw;
import static org.evergrant.jdbc.Samples.record;
import static org.evergrant.jdbc.Samples.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.evergrant.AppId;
import org.evergrant.StoreException;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.evergrant.testkit.StoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and SQLite's ways to fail. */
class SqliteStoreTest extends StoreContract {
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir Path folder;
    private final List<Connection> rivals = new ArrayList<>();

    @AfterEach
    void closeRivals() throws SQLException {
        for (Connection rival : rivals) {
            rival.close();
        }
    }

    @Override
    protected Store open() {
        return SqliteStore.open(file("contract.db"));
    }

    @Override
    protected Map<String, Broken> broken() {
        return Map.of(
                "closed", this::closed,
                "locked by another process", this::locked,
                "disk full", this::full,
                "read-only",
                        () -> builder(made("read-only.db")).pragma("PRAGMA query_only=1").open(),
                "not a database", this::garbage,
                "key gone", this::keyGone,
                "key wrong", this::keyWrong,
                "newer schema", this::newer,
                "record damaged", this::damaged,
                "replaced by garbage", this::replaced);
    }

    private Store closed() {
        SqliteStore store = SqliteStore.open(file("closed.db"));
        store.close();
        return store;
    }

    private Store locked() throws SQLException {
        Path file = made("locked.db");
        Connection rival = raw(file);
        rivals.add(rival);
        try (Statement statement = rival.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        }
        return builder(file).open();
    }

    private Store full() {
        SqliteStore store = builder(made("full.db")).pragma("PRAGMA max_page_count=8").open();
        try {
            for (int i = 0; i < 1000; i++) {
                store.cas(AppId.of("filler-" + i), 0, AppRecord.EMPTY);
            }
        } catch (StoreException full) {
            return store;
        }
        throw new AssertionError("a thousand records in eight pages");
    }

    private Store garbage() throws Exception {
        Path file = file("garbage.db");
        garbageIn(file);
        return builder(file).open();
    }

    private Store keyGone() throws Exception {
        Path file = made("key-gone.db");
        Files.delete(Path.of(file + ".key"));
        return builder(file).open();
    }

    private Store keyWrong() {
        SealingKey other = SealingKey.fromText(SealingKey.newText(), "EVERGRANT_KEY");
        return builder(made("key-wrong.db")).seal(other).open();
    }

    private Store newer() throws SQLException {
        Path file = made("newer.db");
        sql(file, "PRAGMA user_version = 2");
        return builder(file).open();
    }

    private Store damaged() throws SQLException {
        Path file = made("damaged.db");
        sql(file, "UPDATE record SET bytes = x'01'");
        return builder(file).open();
    }

    private Store replaced() throws Exception {
        Path file = made("replaced.db");
        Store store = builder(file).open();
        store.read(ZOOM);
        Files.delete(file);
        garbageIn(file);
        return store;
    }

    private static void garbageIn(Path file) throws Exception {
        Files.writeString(file, "garbage ".repeat(1000));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Path made(String name) {
        Path file = file(name);
        try (SqliteStore store = SqliteStore.open(file)) {
            store.cas(ZOOM, 0, record(1));
        }
        return file;
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private static SqliteStore.Builder builder(Path file) {
        return SqliteStore.builder(file).wait(SHORT);
    }
}
