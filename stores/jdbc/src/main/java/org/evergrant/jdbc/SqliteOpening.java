package org.evergrant.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Seal;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * Opens connections, and makes the database on the way where there is none.
 *
 * <ol>
 *   <li>The file is made empty, with its mode, before SQLite sees it.
 *   <li>A database without a schema is new. Whoever has its write lock makes the key, the schema
 *       and a sealed known text in one transaction; everybody else then finds them. A crash before
 *       the commit leaves at most a key, which the next one takes.
 *   <li>A database with a schema needs the key that was made with it: a missing one is an error,
 *       and a wrong one does not open the known text.
 * </ol>
 */
final class SqliteOpening implements Sessions.Source<SqliteSession> {
    static final int SCHEMA = 1;
    private static final int APPLICATION = 0x45564752;
    private static final Duration RETRY = Duration.ofMillis(5);

    private final SqliteFile file;
    private final @Nullable Seal given;
    private final Duration wait;
    private final List<String> pragmas;

    /**
     * Opens nothing yet.
     *
     * @param given the seal, or null for the key beside the file
     * @param wait how long to wait for another process's lock
     * @param pragmas further settings of each connection
     */
    SqliteOpening(SqliteFile file, @Nullable Seal given, Duration wait, List<String> pragmas) {
        this.file = file;
        this.given = given;
        this.wait = wait;
        this.pragmas = List.copyOf(pragmas);
    }

    Path path() {
        return file.path();
    }

    /**
     * Returns whether the file that {@code session} has open still is the one of that name, and its
     * schema the one that this version knows: a newer Evergrant may have changed it since.
     */
    @Override
    public boolean isCurrent(SqliteSession session) throws SQLException {
        return Objects.equals(session.identity(), file.identity()) && session.schema() == SCHEMA;
    }

    @Override
    public EvergrantException explain(SQLException failure) {
        return SqliteFailures.of(path(), failure);
    }

    @Override
    public String name() {
        return path().toString();
    }

    @Override
    public SqliteSession open() throws SQLException {
        file.prepare();
        Object identity = file.identity();
        Connection connection = connect();
        boolean ready = false;
        try {
            Seal seal = schema(connection);
            SqliteSession session =
                    new SqliteSession(connection, RecordCodec.sealedBy(seal), identity);
            if (!isCurrent(session)) {
                throw new StoreException(
                        "the store " + path() + " was replaced while it was being opened");
            }
            ready = true;
            return session;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    /** Past DriverManager, which would load every driver on the class path. */
    private Connection connect() throws SQLException {
        String name = path().toString();
        Properties settings = new Properties();
        settings.setProperty("busy_timeout", Long.toString(wait.toMillis()));
        Connection connection = new JDBC4Connection("jdbc:sqlite:" + name, name, settings);
        return connection;
    }

    private Seal schema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long found = number(statement, "PRAGMA user_version");
            if (found > SCHEMA) {
                throw new MisconfiguredException(
                        "the store "
                                + path()
                                + " was written by a newer Evergrant (schema "
                                + found
                                + "); this one reads "
                                + SCHEMA);
            }
            if (found == 0) {
                refuseForeign(statement);
                useWal(statement);
            } else if (number(statement, "PRAGMA application_id") != APPLICATION) {
                throw foreign();
            }
            // FULL: a commit is on the disk before anybody acts on it.
            statement.execute("PRAGMA synchronous = FULL");
            for (String pragma : pragmas) {
                statement.execute(pragma);
            }
            return found == 0 ? create(connection, statement) : verified(connection);
        }
    }

    private void refuseForeign(Statement statement) throws SQLException {
        boolean empty = number(statement, "SELECT count(*) FROM sqlite_master") == 0;
        // Both are not read at one moment: another process may have made the schema in between.
        if (!empty && number(statement, "PRAGMA application_id") != APPLICATION) {
            throw foreign();
        }
    }

    private MisconfiguredException foreign() {
        return new MisconfiguredException(
                "the store "
                        + path()
                        + " is a SQLite database of another program (expected: one that Evergrant"
                        + " made, or none)");
    }

    /**
     * Switching needs the file for itself, and SQLite does not wait for that: while several
     * processes start, some are refused at once and have to come again.
     */
    private void useWal(Statement statement) throws SQLException {
        long deadline = System.nanoTime() + wait.toNanos();
        String mode = "";
        while (!mode.equals("wal")) {
            try (ResultSet rows = statement.executeQuery("PRAGMA journal_mode = WAL")) {
                rows.next();
                mode = rows.getString(1);
            } catch (SQLiteException locked) {
                if (locked.getResultCode() != SQLiteErrorCode.SQLITE_BUSY
                        || System.nanoTime() > deadline) {
                    throw locked;
                }
                mode = "locked";
            }
            if (mode.equals("locked")) {
                LockSupport.parkNanos(RETRY.toNanos());
            } else if (!mode.equals("wal")) {
                throw new MisconfiguredException(
                        "the store "
                                + path()
                                + " lies on a file system without shared memory (journal mode "
                                + mode
                                + "; expected: wal, on a local disk)");
            }
        }
    }

    private Seal create(Connection connection, Statement statement) throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            Seal seal;
            if (number(statement, "PRAGMA user_version") == 0) {
                seal = given == null ? SealingKey.inFile(file.keyPath()) : given;
                statement.executeUpdate(Resources.text("sqlite-1.sql"));
                try (PreparedStatement insert =
                        connection.prepareStatement(
                                "INSERT INTO key_check (id, bytes) VALUES (1, ?)")) {
                    insert.setBytes(1, KeyCheck.sealedBy(seal));
                    insert.executeUpdate();
                }
            } else {
                seal = verified(connection);
            }
            statement.execute("COMMIT");
            done = true;
            return seal;
        } finally {
            if (!done) {
                statement.execute("ROLLBACK");
            }
        }
    }

    private Seal verified(Connection connection) throws SQLException {
        Seal seal = given == null ? SealingKey.fromFile(file.keyPath()) : given;
        try (PreparedStatement select = connection.prepareStatement("SELECT bytes FROM key_check");
                ResultSet rows = select.executeQuery()) {
            KeyCheck.verify(seal, rows.next() ? rows.getBytes(1) : new byte[0], name());
        }
        return seal;
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
