package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;
import static org.evergrant.jdbc.Samples.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.Store;
import org.evergrant.testkit.StoreContract;
import org.evergrant.testkit.StoreFailure;
import org.evergrant.testkit.StoreLane;
import org.evergrant.testkit.StoreProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and SQLite's ways to fail. */
class SqliteStoreTest extends StoreContract {
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir Path folder;
    private final List<SqliteStore> handles = new CopyOnWriteArrayList<>();
    private @Nullable SmallDisk disk;

    @AfterEach
    void unmount() throws Exception {
        handles.forEach(SqliteStore::close);
        if (disk != null) {
            disk.unmount();
        }
    }

    @Override
    protected Store open() {
        return SqliteStore.open(file("contract.db"));
    }

    @Override
    protected StoreProcess otherProcess() {
        return StoreProcess.opening(SqliteOpener.class, file("contract.db").toString());
    }

    @Override
    protected List<StoreLane> lanes(StoreFailure failure) throws Exception {
        return switch (failure) {
            case CUT -> List.of(lane("interrupted and closed", new Harm.Cut(handles)));
            case FULL -> List.of(lane("no file may grow", new Harm.NoGrowth()), fullDisk());
            case READ_ONLY ->
                    List.of(
                            StoreLane.elsewhere(
                                    "modes that forbid to write", () -> Powerless.suffer(folder)));
            case LATE -> List.of(late(new LockedByAnother(used())));
            case NEWER_RECORD -> List.of(lane("format 2", new Harm.NewerRecord(database())));
            case NEWER_SCHEMA -> List.of(lane("schema 2", new Harm.NewerSchema(database())));
        };
    }

    private Harm.Database database() {
        return new Harm.Database() {
            @Override
            public Connection open() throws SQLException {
                return Samples.raw(used());
            }

            @Override
            public String lock() {
                return "BEGIN IMMEDIATE";
            }

            @Override
            public String revision() {
                return "revision + 1";
            }

            @Override
            public String schema(int number) {
                return "PRAGMA user_version = " + number;
            }
        };
    }

    /** Another process takes the write lock and keeps it. */
    private static final class LockedByAnother extends Harm {
        private final SqliteProcess holder;

        LockedByAnother(Path file) throws Exception {
            holder = SqliteProcess.start(file, "lock");
        }

        @Override
        void begin() throws Exception {
            holder.go();
            assertThat(holder.line()).isEqualTo("locked");
        }

        @Override
        void end() throws InterruptedException {
            holder.kill();
        }
    }

    private Path used() {
        return file("used.db");
    }

    private StoreLane lane(String name, Harm harm) {
        return StoreLane.of(name, () -> handle(used()), harm::begin, harm::end);
    }

    /** With handles that wait for as short a time as the test can be patient. */
    private StoreLane late(Harm harm) {
        return StoreLane.of(
                "locked by another process", () -> builder(used()).open(), harm::begin, harm::end);
    }

    /** Only root can mount a disk; elsewhere the limit on files has to do, and this says so. */
    private StoreLane fullDisk() throws Exception {
        Path root = Files.createDirectory(file("disk"));
        try {
            SmallDisk mounted = SmallDisk.mount(root);
            disk = mounted;
            return StoreLane.of(
                    "a full disk",
                    () -> handle(root.resolve("full.db")),
                    mounted::fill,
                    mounted::free);
        } catch (IOException refused) {
            return StoreLane.none("no disk can be mounted here: " + refused.getMessage());
        }
    }

    private SqliteStore handle(Path file) {
        SqliteStore store = SqliteStore.open(file);
        handles.add(store);
        return store;
    }

    @Override
    protected Map<String, Broken> broken() {
        return Map.of(
                "closed", this::closed,
                "not a database", this::garbage,
                "key gone", this::keyGone,
                "key wrong", this::keyWrong,
                "record damaged", this::damaged,
                "replaced by garbage", this::replaced);
    }

    private Store closed() {
        SqliteStore store = SqliteStore.open(file("closed.db"));
        store.close();
        return store;
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
