package org.evergrant.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.jdbc.RecordTable.Change;
import org.evergrant.spi.RecordCodec;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/** One open connection to a SQLite file. */
final class SqliteSession implements Session {
    /** The schema is part of each write: a newer Evergrant may change it right before. */
    private static final RecordTable.Dialect DIALECT =
            new RecordTable.Dialect(
                    "record",
                    "(SELECT coalesce(max(revision), 0) + 1 FROM record)",
                    "(SELECT user_version FROM pragma_user_version) = " + SqliteOpening.SCHEMA);

    /** More apps than that changing between two looks come with the next one. */
    private static final int MOST_CHANGES = 1000;

    /** Nothing was looked at yet. */
    private static final long NEVER = -1;

    private final Connection connection;
    private final RecordTable table;
    private final @Nullable Object identity;
    private @Nullable PreparedStatement dataVersion;
    private @Nullable PreparedStatement schema;
    private @Nullable PreparedStatement changes;
    private long lastDataVersion = NEVER;
    private long lastRevision = NEVER;

    SqliteSession(Connection connection, RecordCodec codec, @Nullable Object identity) {
        this.connection = connection;
        this.table = new RecordTable(connection, codec, DIALECT);
        this.identity = identity;
    }

    RecordTable table() {
        return table;
    }

    @Override
    public void cut() throws SQLException {
        ((SQLiteConnection) connection).getDatabase().interrupt();
        connection.close();
    }

    /** Returns what told the file from others when it was opened. */
    @Nullable Object identity() {
        return identity;
    }

    /**
     * Returns what other connections changed since the last look, and null when nobody knows
     * because this was the first one.
     */
    @Nullable List<Change> changes() throws SQLException {
        boolean first = lastRevision == NEVER;
        long now = dataVersion();
        if (now == lastDataVersion) {
            return List.of();
        }
        List<Change> found = changesAfterTheLast();
        if (found.isEmpty()) {
            // Where the table is empty the first look is one all the same.
            lastRevision = Math.max(0, lastRevision);
            lastDataVersion = now;
        }
        return first ? null : found;
    }

    private List<Change> changesAfterTheLast() throws SQLException {
        if (changes == null) {
            changes =
                    connection.prepareStatement(
                            """
                            SELECT app, version, revision FROM record
                            WHERE revision > ? ORDER BY revision LIMIT %d
                            """
                                    .formatted(MOST_CHANGES));
        }
        changes.setLong(1, lastRevision);
        List<Change> all = new ArrayList<>();
        try (ResultSet rows = changes.executeQuery()) {
            while (rows.next()) {
                all.add(Change.of(rows.getString(1), rows.getLong(2)));
                lastRevision = rows.getLong(3);
            }
        }
        return all;
    }

    /** Returns the schema that the database has now. Costs some microseconds. */
    long schema() throws SQLException {
        if (schema == null) {
            schema = connection.prepareStatement("PRAGMA user_version");
        }
        return number(schema);
    }

    /** Costs some microseconds where nobody wrote: SQLite looks into memory it shares. */
    private long dataVersion() throws SQLException {
        if (dataVersion == null) {
            dataVersion = connection.prepareStatement("PRAGMA data_version");
        }
        return number(dataVersion);
    }

    private static long number(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
