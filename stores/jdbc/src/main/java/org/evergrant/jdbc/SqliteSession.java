package org.evergrant.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.evergrant.spi.RecordCodec;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/** One open connection and what belongs to it. Used by one thread at a time. */
final class SqliteSession implements AutoCloseable {
    private static final String NEXT_REVISION =
            "(SELECT coalesce(max(revision), 0) + 1 FROM record)";

    /** Part of each write, because a newer Evergrant may change the schema right before it. */
    private static final String SCHEMA_IS_OURS =
            "(SELECT user_version FROM pragma_user_version) = " + SqliteOpening.SCHEMA;

    /** Nothing was looked at yet. */
    private static final long NEVER = -1;

    private final Connection connection;
    private final RecordTable table;
    private final RecordCodec codec;
    private final @Nullable Object identity;
    private @Nullable PreparedStatement dataVersion;
    private @Nullable PreparedStatement schema;
    private long lastDataVersion = NEVER;
    private long lastRevision = NEVER;

    SqliteSession(Connection connection, RecordCodec codec, @Nullable Object identity)
            throws SQLException {
        this.connection = connection;
        this.table = new RecordTable(connection, NEXT_REVISION, SCHEMA_IS_OURS);
        this.codec = codec;
        this.identity = identity;
    }

    RecordTable table() {
        return table;
    }

    RecordCodec codec() {
        return codec;
    }

    /**
     * Cuts the connection under whoever uses it, as a network would. A call that is under way ends
     * with an error.
     */
    void cut() throws SQLException {
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
    @Nullable List<RecordTable.Change> changes() throws SQLException {
        boolean first = lastRevision == NEVER;
        long now = dataVersion();
        if (now == lastDataVersion) {
            return List.of();
        }
        List<RecordTable.Change> found = table.changesAfter(lastRevision);
        if (!found.isEmpty()) {
            lastRevision = found.get(found.size() - 1).revision();
        } else {
            // Where the table is empty the first look is one all the same.
            lastRevision = Math.max(0, lastRevision);
            lastDataVersion = now;
        }
        return first ? null : found;
    }

    /** Returns the schema that the database has now. Costs some microseconds. */
    long schema() throws SQLException {
        if (schema == null) {
            schema = connection.prepareStatement("PRAGMA user_version");
        }
        try (ResultSet rows = schema.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Costs some microseconds where nobody wrote: SQLite looks into memory it shares. */
    private long dataVersion() throws SQLException {
        if (dataVersion == null) {
            dataVersion = connection.prepareStatement("PRAGMA data_version");
        }
        try (ResultSet rows = dataVersion.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
