package org.evergrant.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.evergrant.AppId;
import org.evergrant.StoreException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Seal;
import org.evergrant.spi.Store;

/**
 * Records in a PostgreSQL, 13 or later, for all machines that reach it. What was acknowledged is on
 * the server's disk; tokens in it are sealed before they leave this process.
 *
 * <p>A change is told to other nodes at once, and where that cannot be heard is found within a
 * second. A call takes at most about ten seconds, five for its turn in this process and five for
 * the server; then it ends in a {@link StoreException}. A {@link
 * org.evergrant.MisconfiguredException} means that a person must act: the URL, the role's rights,
 * the key or the tables are not what they should be.
 */
public final class PostgresStore implements Store {
    private final PostgresOpening opening;
    private final Sessions<PostgresSession> sessions;
    private final Changes changes = new Changes();
    private final Teller teller;
    private final Poller poller;
    private volatile boolean closed;

    private PostgresStore(PostgresOpening opening, int connections, Duration wait) {
        this.opening = opening;
        this.sessions = new Sessions<>(opening, connections, wait);
        this.teller = new Teller(sessions);
        this.poller =
                new Poller(
                        "evergrant-postgres-watch",
                        () -> new PostgresListener(opening, changes),
                        changes::isWatched);
    }

    /**
     * Opens the store at {@code url}, sealed by {@code seal}, which must be the same on every
     * machine. Where there are no tables they are made.
     *
     * @param url {@code postgresql://USER:PASSWORD@HOST:PORT/DATABASE?…}, see {@link PostgresUrl}
     * @throws org.evergrant.MisconfiguredException when the URL is none, the key is another one,
     *     the role may not make the tables that are missing, or the server refuses the user
     * @throws StoreException when the server cannot be reached now
     */
    public static PostgresStore open(String url, Seal seal) {
        return builder(PostgresUrl.parse(url), seal).open();
    }

    /** Returns a builder for a store with further choices. */
    public static Builder builder(PostgresUrl url, Seal seal) {
        return new Builder(url, seal);
    }

    /**
     * Returns the SQL that makes the tables and lets the URL's user use them, for somebody who may,
     * where that user may not.
     */
    public static String script(PostgresUrl url) {
        return PostgresOpening.script(url);
    }

    @Override
    public Versioned read(AppId app) {
        return sessions.use(session -> session.read(app));
    }

    @Override
    public boolean cas(AppId app, long version, AppRecord record) {
        byte[] written = opening.codec().encode(app, record);
        boolean won =
                sessions.use(
                        session -> session.cas(app, version, written, System.currentTimeMillis()));
        if (won) {
            teller.tell(opening.notices().of(app, version + 1, written));
            changes.own(app, version + 1);
        }
        return won;
    }

    @Override
    public Watch watch(AppId app, Listener listener) {
        if (closed) {
            throw new StoreException("the store " + opening.name() + " is closed");
        }
        Watch watch = changes.watch(app, listener);
        poller.start();
        return watch;
    }

    /** Returns the server's time, which all nodes share. */
    @Override
    public Instant now() {
        return sessions.use(PostgresSession::now);
    }

    @Override
    public void close() {
        closed = true;
        changes.close();
        poller.close();
        teller.close();
        sessions.close();
    }

    /** For tests: cuts its connections in the midst of what they do. */
    void cut() throws SQLException {
        sessions.cut();
    }

    /** Returns the URL without password and settings. */
    @Override
    public String toString() {
        return "PostgresStore[" + opening.name() + "]";
    }

    /** Collects the choices of a {@link PostgresStore}. */
    public static final class Builder {
        private static final Duration WAIT = Duration.ofSeconds(5);

        private final PostgresUrl url;
        private final Seal seal;
        private Duration wait = WAIT;

        private Builder(PostgresUrl url, Seal seal) {
            this.url = url;
            this.seal = seal;
        }

        /** How long a call waits for other threads, and again for the server. Default: 5 s. */
        public Builder wait(Duration value) {
            wait = value;
            return this;
        }

        /** Opens the store. */
        public PostgresStore open() {
            PostgresOpening opening = new PostgresOpening(url, seal, wait);
            PostgresStore store = new PostgresStore(opening, url.connections(), wait);
            store.sessions.use(session -> true);
            return store;
        }
    }
}
