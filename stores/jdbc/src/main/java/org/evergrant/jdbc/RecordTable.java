package org.evergrant.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.evergrant.AppId;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;

/**
 * The table of records, over one connection that commits by itself. Each method is one statement,
 * and so atomic on any database; only the numbering of changes is the database's own.
 */
final class RecordTable {

    /**
     * What differs between databases.
     *
     * @param table the table's name
     * @param nextRevision the SQL that yields what a change is found by
     * @param guard the SQL of a condition without which nothing is read or written
     */
    record Dialect(String table, String nextRevision, String guard) {}

    /** That an app's record changed; {@code app} is null where its name is none. */
    record Change(@Nullable AppId app, long version) {
        /** A row that somebody put there by hand must not keep the others from being seen. */
        static Change of(String app, long version) {
            return new Change(AppId.isValid(app) ? AppId.of(app) : null, version);
        }
    }

    private final Connection connection;
    private final RecordCodec codec;
    private final Dialect dialect;
    private @Nullable PreparedStatement read;
    private @Nullable PreparedStatement insert;
    private @Nullable PreparedStatement update;

    RecordTable(Connection connection, RecordCodec codec, Dialect dialect) {
        this.connection = connection;
        this.codec = codec;
        this.dialect = dialect;
    }

    /** Returns the app's record; null when there is none, or the guard does not hold. */
    Store.@Nullable Versioned read(AppId app) throws SQLException {
        if (read == null) {
            read =
                    connection.prepareStatement(
                            """
                            SELECT version, bytes FROM %s WHERE app = ? AND %s
                            """
                                    .formatted(dialect.table(), dialect.guard()));
        }
        read.setString(1, app.value());
        try (ResultSet rows = read.executeQuery()) {
            return rows.next()
                    ? new Store.Versioned(rows.getLong(1), codec.decode(app, rows.getBytes(2)))
                    : null;
        }
    }

    /** Writes what {@code record} is turned into. */
    boolean cas(AppId app, long version, AppRecord record, long writtenAtMs) throws SQLException {
        return cas(app, version, codec.encode(app, record), writtenAtMs);
    }

    /**
     * Writes {@code bytes} as the record's next version if {@code version} is the one that is
     * there, 0 standing for none; says no also when the guard does not hold.
     */
    boolean cas(AppId app, long version, byte[] bytes, long writtenAtMs) throws SQLException {
        return version == 0
                ? insert(app, bytes, writtenAtMs)
                : update(app, version, bytes, writtenAtMs);
    }

    private boolean insert(AppId app, byte[] bytes, long writtenAtMs) throws SQLException {
        if (insert == null) {
            insert =
                    connection.prepareStatement(
                            """
                            INSERT INTO %s (app, version, revision, bytes, written_at_ms)
                            SELECT ?, 1, %s, ?, ? WHERE %s
                            ON CONFLICT (app) DO NOTHING
                            """
                                    .formatted(
                                            dialect.table(),
                                            dialect.nextRevision(),
                                            dialect.guard()));
        }
        insert.setString(1, app.value());
        insert.setBytes(2, bytes);
        insert.setLong(3, writtenAtMs);
        return insert.executeUpdate() == 1;
    }

    private boolean update(AppId app, long version, byte[] bytes, long writtenAtMs)
            throws SQLException {
        if (update == null) {
            update =
                    connection.prepareStatement(
                            """
                            UPDATE %s
                            SET version = version + 1, revision = %s, bytes = ?, written_at_ms = ?
                            WHERE app = ? AND version = ? AND %s
                            """
                                    .formatted(
                                            dialect.table(),
                                            dialect.nextRevision(),
                                            dialect.guard()));
        }
        update.setBytes(1, bytes);
        update.setLong(2, writtenAtMs);
        update.setString(3, app.value());
        update.setLong(4, version);
        return update.executeUpdate() == 1;
    }
}
