package org.evergrant.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Seal;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;

/**
 * Opens connections, and makes the tables on the way where there are none.
 *
 * <ol>
 *   <li>The session that the server says it is must be the one that the connection was told of;
 *       otherwise a pooler stands in between, and nothing is set or prepared that outlives a
 *       statement.
 *   <li>Without the tables they are made in one transaction, under a lock of this schema's name.
 *   <li>Whoever finds the layout empty, because the tables came from the printed script, writes the
 *       schema's number and the sealed known text; everybody else then needs the same key.
 * </ol>
 */
final class PostgresOpening implements Sessions.Source<PostgresSession> {
    static final int SCHEMA = 1;
    private static final int LOCK = 0x45564752;

    /** An idle connection that was good this short a while ago is taken without a question. */
    private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int VALIDATION_S = 1;

    /** The server gives up first, so that what is said is what it says. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** A way to the server, and whether a pooler stands in it. */
    record Way(Connection connection, boolean pooled) {}

    private final PostgresUrl url;
    private final RecordCodec codec;
    private final Notices notices;
    private final Seal seal;
    private final Duration wait;
    private volatile long distrusted = System.nanoTime();

    /**
     * Opens nothing yet.
     *
     * @param wait how long one statement may take, and one connection to be made
     */
    PostgresOpening(PostgresUrl url, Seal seal, Duration wait) {
        this.url = url;
        this.codec = RecordCodec.sealedBy(seal);
        this.notices = new Notices(codec);
        this.seal = seal;
        this.wait = wait;
    }

    /** Returns the script that makes the tables, for somebody who may. */
    static String script(PostgresUrl url) {
        String schema = '"' + url.schema() + '"';
        String role = '"' + url.user().replace("\"", "\"\"") + '"';
        return "CREATE SCHEMA IF NOT EXISTS "
                + schema
                + ";\n\n"
                + tables(url.schema())
                + "\nGRANT USAGE ON SCHEMA "
                + schema
                + " TO "
                + role
                + ";\nGRANT SELECT, INSERT, UPDATE ON "
                + schema
                + ".record, "
                + schema
                + ".layout TO "
                + role
                + ";\n";
    }

    @Override
    public String name() {
        return url.toString();
    }

    String schema() {
        return url.schema();
    }

    /** Returns the channel on which changes are told. */
    String channel() {
        return "evergrant." + url.schema();
    }

    /** Returns what turns records into bytes. */
    RecordCodec codec() {
        return codec;
    }

    /** Returns what is told there, and how it is understood. */
    Notices notices() {
        return notices;
    }

    @Override
    public EvergrantException explain(SQLException failure) {
        if (PostgresFailures.isConnection(failure)) {
            distrusted = System.nanoTime();
        }
        return PostgresFailures.of(name(), failure);
    }

    @Override
    public boolean isCurrent(PostgresSession session) throws SQLException {
        if (session.openedAt() - distrusted <= 0) {
            return false;
        }
        if (System.nanoTime() - session.usedAt() < TRUSTED_NANOS || session.isValid(VALIDATION_S)) {
            return true;
        }
        // Nobody waits for the others to fail one after the other.
        distrusted = System.nanoTime();
        return false;
    }

    @Override
    public PostgresSession open() throws SQLException {
        long openedAt = System.nanoTime();
        Way way = connect();
        boolean ready = false;
        try {
            verify(way.connection());
            ready = true;
            return new PostgresSession(way, codec, this, openedAt);
        } finally {
            if (!ready) {
                way.connection().close();
            }
        }
    }

    /** Past DriverManager, which would load every driver on the class path. */
    Way connect() throws SQLException {
        Properties settings = url.driverSettings();
        settings.setProperty("socketTimeout", Long.toString(Math.max(1, wait.toSeconds())));
        Connection connection = new Driver().connect(url.driverUrl(), settings);
        if (connection == null) {
            throw new IllegalStateException("the driver does not know its own URLs");
        }
        boolean ready = false;
        try {
            connection.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(wait.plus(GRACE).toMillis()));
            boolean pooled = url.saysPooler() || isPooled(connection);
            if (pooled) {
                connection.unwrap(PGConnection.class).setPrepareThreshold(0);
            } else {
                bound(connection, false);
            }
            ready = true;
            return new Way(connection, pooled);
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    /** A pooler tells its clients of sessions that it made up. */
    private static boolean isPooled(Connection connection) throws SQLException {
        return number(connection, "SELECT pg_backend_pid()")
                != connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Has the server itself give up in time, for the connection or for one transaction. */
    private void bound(Connection connection, boolean local) throws SQLException {
        try (PreparedStatement set =
                connection.prepareStatement(
                        "SELECT set_config('statement_timeout', ?, ?),"
                                + " set_config('lock_timeout', ?, ?)")) {
            String ms = Long.toString(wait.toMillis());
            set.setString(1, ms);
            set.setBoolean(2, local);
            set.setString(3, ms);
            set.setBoolean(4, local);
            set.execute();
        }
    }

    private void verify(Connection connection) throws SQLException {
        byte[] check = layout(connection);
        if (check == null) {
            make(connection);
            check = layout(connection);
        }
        KeyCheck.verify(seal, check == null ? new byte[0] : check, name());
    }

    /** Returns the sealed known text; null when there is none, or no tables. */
    private byte @Nullable [] layout(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT version, key_check FROM " + layoutTable())) {
            if (!rows.next()) {
                return null;
            }
            refuseOther(rows.getInt(1));
            return rows.getBytes(2);
        } catch (SQLException missing) {
            if (PostgresFailures.hasNoTables(missing)) {
                return null;
            }
            throw missing;
        }
    }

    String layoutTable() {
        return '"' + schema() + "\".layout";
    }

    /** Refuses a schema that this version does not know. */
    void refuseOther(int found) {
        if (found != SCHEMA) {
            throw new MisconfiguredException(
                    "the store "
                            + name()
                            + " was written by a newer Evergrant (schema "
                            + found
                            + "); this one reads "
                            + SCHEMA);
        }
    }

    private void make(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            bound(connection, true);
            makeLocked(connection);
            connection.commit();
            done = true;
        } catch (SQLException failure) {
            if ("42501".equals(failure.getSQLState())) {
                throw new MisconfiguredException(
                        "the store "
                                + name()
                                + " has no tables of ours in the schema "
                                + schema()
                                + ", and the role may not make them: "
                                + failure.getMessage()
                                + " (expected: that it may, or that somebody who may runs what"
                                + " evergrant store schema prints)",
                        failure);
            }
            throw failure;
        } finally {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    private void makeLocked(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_advisory_xact_lock(" + LOCK + ", " + schema().hashCode() + ")");
            if (isMissing(statement, "to_regnamespace", '"' + schema() + '"')) {
                statement.execute("CREATE SCHEMA \"" + schema() + '"');
            }
            if (isMissing(statement, "to_regclass", layoutTable())) {
                statement.execute(tables(schema()));
            }
        }
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO "
                                + layoutTable()
                                + " (id, version, key_check) VALUES (1, ?, ?)"
                                + " ON CONFLICT (id) DO NOTHING")) {
            insert.setInt(1, SCHEMA);
            insert.setBytes(2, KeyCheck.sealedBy(seal));
            insert.executeUpdate();
        }
    }

    private static boolean isMissing(Statement statement, String function, String name)
            throws SQLException {
        try (ResultSet rows =
                statement.executeQuery("SELECT " + function + "('" + name + "') IS NULL")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private static String tables(String schema) {
        return Resources.text("postgresql-1.sql").replace("${schema}", schema);
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
