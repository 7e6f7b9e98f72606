package org.evergrant.jdbc;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.AppId;
import org.evergrant.EvergrantException;
import org.evergrant.StoreException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Seal;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;

/**
 * Records in one SQLite file, for all processes of one machine. The file must lie on a local disk.
 * What was written survives the death of the process and of the machine; tokens in it are sealed.
 *
 * <p>A change is seen by other processes within some 10 ms to 50 ms, and by this one at once. A
 * call takes at most ten seconds, five for its turn in this process and five for other processes;
 * then it ends in a {@link StoreException}. A {@link org.evergrant.MisconfiguredException} means
 * that the file or the key is not what it should be.
 */
public final class SqliteStore implements Store {
    /** Much below what a mint takes, and some tenths of a percent of a core. */
    private static final long OFTEN_MS = 10;

    private static final long SELDOM_MS = 50;

    private final SqliteOpening opening;
    private final InstantSource clock;
    private final Sessions<SqliteSession> reads;
    private final Sessions<SqliteSession> writes;
    private final Changes changes = new Changes();
    private final Poller poller;
    private volatile boolean closed;

    private SqliteStore(SqliteOpening opening, Duration wait, InstantSource clock) {
        this.opening = opening;
        this.clock = clock;
        // One each: so only one thread at a time waits for other processes, where SQLite knows no
        // order, and no reader waits for a writer.
        this.reads = new Sessions<>(opening, 1, wait);
        this.writes = new Sessions<>(opening, 1, wait);
        this.poller = new Poller("evergrant-sqlite-watch", Looks::new, changes::isWatched);
    }

    /**
     * Opens the store in {@code file}, sealed under the key in the file of the same name with
     * {@code .key} behind it. Where there is no database both are made, with mode 0600, and the
     * folder with mode 0700.
     *
     * @throws org.evergrant.MisconfiguredException when there is a database but not its key, or the
     *     file is no store of ours or open to others
     * @throws StoreException when the file cannot be opened now
     */
    public static SqliteStore open(Path file) {
        return builder(file).open();
    }

    /**
     * Opens the store in {@code file}, sealed by {@code seal}, which must be the same every time.
     */
    public static SqliteStore open(Path file, Seal seal) {
        return builder(file).seal(seal).open();
    }

    /** Returns a builder for a store with further choices. */
    public static Builder builder(Path file) {
        return new Builder(file);
    }

    @Override
    public Versioned read(AppId app) {
        Versioned found = reads.use(session -> session.table().read(app));
        return found == null ? new Versioned(0, AppRecord.EMPTY) : found;
    }

    @Override
    public boolean cas(AppId app, long version, AppRecord record) {
        boolean won =
                writes.use(session -> session.table().cas(app, version, record, clock.millis()));
        if (won) {
            changes.own(app, version + 1);
        }
        return won;
    }

    @Override
    public Watch watch(AppId app, Listener listener) {
        if (closed) {
            throw new StoreException("the store " + opening.path() + " is closed");
        }
        Watch watch = changes.watch(app, listener);
        poller.start();
        return watch;
    }

    /** Returns the machine's time of day, which all processes share. */
    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void close() {
        closed = true;
        changes.close();
        poller.close();
        writes.close();
        reads.close();
    }

    /** For tests: cuts its connections in the midst of what they do. */
    void cut() throws SQLException {
        reads.cut();
        writes.cut();
    }

    /** Returns the file's name. */
    @Override
    public String toString() {
        return "SqliteStore[" + opening.path() + "]";
    }

    /** Looks for changes by others and calls the listeners. */
    private final class Looks implements Poller.Looking {
        private final Poller.Pace pace = new Poller.Pace(OFTEN_MS, SELDOM_MS);

        @Override
        public long look() {
            try {
                return pace.after(changes.found(reads.use(SqliteSession::changes)));
            } catch (EvergrantException away) {
                // Whoever reads or writes hears of it; the first look that succeeds calls what
                // changed.
                return pace.after(false);
            }
        }
    }

    /** Collects the choices of a {@link SqliteStore}. */
    public static final class Builder {
        private static final Duration WAIT = Duration.ofSeconds(5);

        private final Path file;
        private @Nullable Seal seal;
        private InstantSource clock = InstantSource.system();
        private Duration wait = WAIT;
        private final List<String> pragmas = new ArrayList<>();

        private Builder(Path file) {
            this.file = file;
        }

        /** Seals the records. Default: the key in the file beside the database. */
        public Builder seal(Seal value) {
            seal = value;
            return this;
        }

        /** The time. Default: the system's. */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /** How long a call waits for other threads, and again for other processes. Default: 5 s. */
        public Builder wait(Duration value) {
            wait = value;
            return this;
        }

        /** For tests: a setting of each connection. */
        Builder pragma(String sql) {
            pragmas.add(sql);
            return this;
        }

        /** Opens the store. */
        public SqliteStore open() {
            SqliteOpening opening = new SqliteOpening(SqliteFile.at(file), seal, wait, pragmas);
            SqliteStore store = new SqliteStore(opening, wait, clock);
            store.reads.use(session -> true);
            return store;
        }
    }
}
