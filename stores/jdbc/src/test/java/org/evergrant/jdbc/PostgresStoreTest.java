package org.evergrant.jdbc;

import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.evergrant.seal.SealingKey;
import org.evergrant.servers.BreakableNetwork;
import org.evergrant.servers.Cutter;
import org.evergrant.servers.PostgresServer;
import org.evergrant.spi.Store;
import org.evergrant.testkit.NothingLeft;
import org.evergrant.testkit.StoreContract;
import org.evergrant.testkit.StoreFailure;
import org.evergrant.testkit.StoreLane;
import org.evergrant.testkit.StoreProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and PostgreSQL's ways to fail. */
class PostgresStoreTest extends StoreContract {
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Of a megabyte each, on a disk of sixteen. */
    private static final int MOST_SEGMENTS = 1000;

    @RegisterExtension static final RunningPostgres POSTGRES = new RunningPostgres();

    @TempDir Path folder;
    private final String schema = RunningPostgres.freshSchema();

    /** What to close after the test, the last first. */
    private final Deque<AutoCloseable> after = new ArrayDeque<>();

    @AfterEach
    void closeWhatWasOpened() throws Exception {
        for (AutoCloseable one : after) {
            one.close();
        }
    }

    @Override
    protected Store open() {
        return PostgresStore.open(POSTGRES.url(schema), RunningPostgres.key());
    }

    @Override
    protected StoreProcess otherProcess() {
        try {
            Path file = folder.resolve("store");
            Files.write(file, List.of(POSTGRES.url(schema), RunningPostgres.KEY));
            return StoreProcess.opening(PostgresOpener.class, file.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    protected List<StoreLane> lanes(StoreFailure failure) throws Exception {
        return switch (failure) {
            case CUT -> List.of(network(), terminated(), killed());
            case FULL -> List.of(fullDisk());
            case READ_ONLY -> List.of(lane("all transactions", new ReadOnly()));
            case LATE -> List.of(locked(), held());
            case NEWER_RECORD -> List.of(lane("format 2", new Harm.NewerRecord(database())));
            case NEWER_SCHEMA -> List.of(lane("schema 2", new Harm.NewerSchema(database())));
        };
    }

    private StoreLane lane(String name, Harm harm) {
        return StoreLane.of(name, this::open, harm::begin, harm::end);
    }

    private StoreLane network() throws IOException {
        BreakableNetwork network = opened(BreakableNetwork.to(POSTGRES.server().port()));
        return again("the network", () -> through(network).open(), network::cut);
    }

    private StoreLane terminated() {
        return again("every session", this::open, () -> terminate());
    }

    private static StoreLane again(String name, StoreLane.Opener opener, Runnable cut) {
        Cutter cutter = new Cutter(Duration.ofMillis(1), cut);
        return StoreLane.of(name, opener, cutter::begin, cutter::end);
    }

    private static void terminate() {
        try {
            POSTGRES.terminate("pid <> pg_backend_pid()");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private StoreLane killed() {
        PostgresServer server = POSTGRES.server();
        return StoreLane.of("kill -9 of the server", this::open, server::kill, server::start);
    }

    /** The write-ahead log's disk: the server falls over, and cannot get up before it has room. */
    private StoreLane fullDisk() throws Exception {
        Path root = Files.createDirectory(folder.resolve("wal"));
        SmallDisk disk;
        try {
            disk = SmallDisk.mount(root);
        } catch (IOException refused) {
            return StoreLane.none("no disk can be mounted here: " + refused.getMessage());
        }
        opened(disk::unmount);
        PostgresServer server =
                opened(
                        PostgresServer.startWithLogOn(
                                root.resolve("pg_wal"),
                                folder.resolve("full"),
                                NothingLeft.CANARY));
        return StoreLane.of(
                "the write-ahead log's disk is full",
                () -> PostgresStore.open(server.url("postgres", ""), RunningPostgres.key()),
                () -> {
                    disk.fill();
                    useUpTheLog(server);
                },
                () -> {
                    disk.free();
                    server.kill();
                    server.start();
                });
    }

    /** The segments that are there already would do for a while. */
    private static void useUpTheLog(PostgresServer server) {
        try (Connection connection = RunningPostgres.raw(server, "public");
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < MOST_SEGMENTS; i++) {
                statement.execute("SELECT pg_switch_wal()");
            }
            throw new AssertionError("the log has room for ever");
        } catch (SQLException full) {
            return;
        }
    }

    private StoreLane locked() throws Exception {
        Harm.Locked locked = new Harm.Locked(database());
        return StoreLane.of(
                "the table is locked",
                () -> through(POSTGRES.server().port()).open(),
                locked::begin,
                locked::end);
    }

    private StoreLane held() throws IOException {
        BreakableNetwork network = opened(BreakableNetwork.to(POSTGRES.server().port()));
        return StoreLane.of(
                "no byte comes through",
                () -> through(network).open(),
                () -> network.hold(true),
                () -> network.hold(false));
    }

    private PostgresStore.Builder through(BreakableNetwork network) {
        return through(network.port());
    }

    /** With handles that wait for as short a time as the test can be patient. */
    private PostgresStore.Builder through(int port) {
        String url =
                POSTGRES.url(schema)
                        .replace(":" + POSTGRES.server().port() + "/", ":" + port + "/");
        return PostgresStore.builder(PostgresUrl.parse(url), RunningPostgres.key()).wait(SHORT);
    }

    private Harm.Database database() {
        return new Harm.Database() {
            @Override
            public Connection open() throws SQLException {
                return POSTGRES.raw(schema);
            }

            @Override
            public String lock() {
                return "BEGIN; LOCK TABLE record, layout IN ACCESS EXCLUSIVE MODE";
            }

            @Override
            public String revision() {
                return "pg_current_xact_id()";
            }

            @Override
            public String schema(int number) {
                return "UPDATE layout SET version = " + number;
            }
        };
    }

    /** Every transaction of the server is one that only reads. */
    private final class ReadOnly extends Harm {
        @Override
        void begin() throws SQLException {
            set("on");
        }

        @Override
        void end() throws SQLException {
            set("off");
        }

        private void set(String value) throws SQLException {
            POSTGRES.sql(
                    schema,
                    "ALTER SYSTEM SET default_transaction_read_only = " + value,
                    "SELECT pg_reload_conf()");
        }
    }

    @Override
    protected Map<String, Broken> broken() {
        return Map.of(
                "closed", this::closed,
                "nobody there", this::nobody,
                "silent", this::silent,
                "password wrong", () -> opened("://postgres:wrong-" + NothingLeft.CANARY + "@"),
                "no such user", () -> opened("://nobody:" + NothingLeft.CANARY + "@"),
                "no such database", this::noDatabase,
                "key wrong", this::keyWrong,
                "record damaged", this::damaged,
                "role that may do nothing", this::powerless);
    }

    private Store closed() {
        Store store = open();
        store.close();
        return store;
    }

    private Store nobody() throws Exception {
        BreakableNetwork network = BreakableNetwork.to(1);
        network.close();
        return through(network).open();
    }

    private Store silent() throws Exception {
        BreakableNetwork network = opened(BreakableNetwork.to(POSTGRES.server().port()));
        network.hold(true);
        return through(network).open();
    }

    private Store opened(String credentials) {
        String url = POSTGRES.url(schema).replaceFirst("://[^@]*@", credentials);
        return PostgresStore.open(url, RunningPostgres.key());
    }

    private Store noDatabase() {
        return PostgresStore.open(POSTGRES.server().url("nowhere", ""), RunningPostgres.key());
    }

    private Store keyWrong() {
        made();
        SealingKey other = SealingKey.fromText(SealingKey.newText(), "EVERGRANT_KEY");
        return PostgresStore.open(POSTGRES.url(schema), other);
    }

    private Store damaged() throws SQLException {
        made();
        POSTGRES.sql(schema, "UPDATE record SET bytes = '\\x01'");
        return open();
    }

    private Store powerless() throws SQLException {
        String role = "powerless_" + schema;
        POSTGRES.sql(
                schema, "CREATE ROLE " + role + " LOGIN PASSWORD '" + NothingLeft.CANARY + "'");
        return opened("://" + role + ":" + NothingLeft.CANARY + "@");
    }

    private Store made() {
        Store store = open();
        after.push(store);
        Store.Versioned now = store.read(ZOOM);
        store.cas(ZOOM, now.version(), record(1));
        return store;
    }

    private <T extends AutoCloseable> T opened(T resource) {
        after.push(resource);
        return resource;
    }
}
