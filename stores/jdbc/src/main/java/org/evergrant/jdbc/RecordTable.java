package org.evergrant.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.AppId;
import org.jspecify.annotations.Nullable;

/**
 * The table of records, over one connection that commits by itself. Each method is one statement,
 * and so atomic on any database; only the numbering of changes is the database's own.
 */
final class RecordTable {
    /** More apps than that changing between two looks come with the next one. */
    private static final int MOST_CHANGES = 1000;

    /** A record as it lies there, still sealed. */
    static final class Row {
        private final long version;
        private final byte[] bytes;

        private Row(long version, byte[] bytes) {
            this.version = version;
            this.bytes = bytes;
        }

        long version() {
            return version;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /** That an app's record changed; {@code app} is null where its name is none. */
    record Change(@Nullable AppId app, long version, long revision) {}

    private final PreparedStatement read;
    private final Connection connection;
    private final String nextRevision;
    private final String guard;
    private @Nullable PreparedStatement insert;
    private @Nullable PreparedStatement update;
    private @Nullable PreparedStatement changes;

    /**
     * Prepares the table.
     *
     * @param nextRevision the SQL that yields a higher revision than any before
     * @param guard the SQL of a condition without which nothing is written
     */
    RecordTable(Connection connection, String nextRevision, String guard) throws SQLException {
        this.connection = connection;
        this.nextRevision = nextRevision;
        this.guard = guard;
        this.read = connection.prepareStatement("SELECT version, bytes FROM record WHERE app = ?");
    }

    @Nullable Row read(AppId app) throws SQLException {
        read.setString(1, app.value());
        try (ResultSet rows = read.executeQuery()) {
            return rows.next() ? new Row(rows.getLong(1), rows.getBytes(2)) : null;
        }
    }

    /** Writes the first version of a record if there is none. */
    boolean insert(AppId app, byte[] bytes, long writtenAtMs) throws SQLException {
        if (insert == null) {
            insert =
                    connection.prepareStatement(
                            """
                            INSERT INTO record (app, version, revision, bytes, written_at_ms)
                            SELECT ?, 1, %s, ?, ? WHERE %s
                            ON CONFLICT (app) DO NOTHING
                            """
                                    .formatted(nextRevision, guard));
        }
        insert.setString(1, app.value());
        insert.setBytes(2, bytes);
        insert.setLong(3, writtenAtMs);
        return insert.executeUpdate() == 1;
    }

    /** Writes the next version of a record if {@code version} is the one that is there. */
    boolean update(AppId app, long version, byte[] bytes, long writtenAtMs) throws SQLException {
        if (update == null) {
            update =
                    connection.prepareStatement(
                            """
                            UPDATE record
                            SET version = version + 1, revision = %s, bytes = ?, written_at_ms = ?
                            WHERE app = ? AND version = ? AND %s
                            """
                                    .formatted(nextRevision, guard));
        }
        update.setBytes(1, bytes);
        update.setLong(2, writtenAtMs);
        update.setString(3, app.value());
        update.setLong(4, version);
        return update.executeUpdate() == 1;
    }

    /** Returns what changed after {@code revision}, in the order of the changes. */
    List<Change> changesAfter(long revision) throws SQLException {
        if (changes == null) {
            changes =
                    connection.prepareStatement(
                            """
                            SELECT app, version, revision FROM record
                            WHERE revision > ? ORDER BY revision LIMIT %d
                            """
                                    .formatted(MOST_CHANGES));
        }
        changes.setLong(1, revision);
        List<Change> all = new ArrayList<>();
        try (ResultSet rows = changes.executeQuery()) {
            while (rows.next()) {
                String app = rows.getString(1);
                // A row that somebody put there by hand must not keep the others from being seen.
                AppId known = AppId.isValid(app) ? AppId.of(app) : null;
                all.add(new Change(known, rows.getLong(2), rows.getLong(3)));
            }
        }
        return all;
    }
}
