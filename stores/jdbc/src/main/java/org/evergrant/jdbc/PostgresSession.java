package org.evergrant.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.evergrant.AppId;
import org.evergrant.MisconfiguredException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;

/** One open connection to a PostgreSQL. */
final class PostgresSession implements Session {
    private final PostgresOpening opening;
    private final Connection connection;
    private final RecordTable table;
    private final long openedAt;
    private @Nullable PreparedStatement tell;
    private @Nullable PreparedStatement clock;
    private long usedAt;

    PostgresSession(
            PostgresOpening.Way way, RecordCodec codec, PostgresOpening opening, long openedAt) {
        this.opening = opening;
        this.connection = way.connection();
        this.openedAt = openedAt;
        this.usedAt = System.nanoTime();
        String guard =
                "(SELECT version FROM " + opening.layoutTable() + ") = " + PostgresOpening.SCHEMA;
        // The schema is part of each statement: a newer Evergrant may change it right before. It
        // locks the record table first, and a statement that waited for that sees its number.
        this.table =
                new RecordTable(
                        connection,
                        codec,
                        new RecordTable.Dialect(
                                '"' + opening.schema() + "\".record",
                                "pg_current_xact_id()",
                                guard));
    }

    /** Returns when it was begun to be opened, on the monotonic clock. */
    long openedAt() {
        return openedAt;
    }

    /** Returns when it was last known to be good, on the monotonic clock. */
    long usedAt() {
        return usedAt;
    }

    boolean isValid(int seconds) throws SQLException {
        return connection.isValid(seconds);
    }

    Store.Versioned read(AppId app) throws SQLException {
        Store.Versioned found = table.read(app);
        usedAt = System.nanoTime();
        if (found == null) {
            refuseOtherSchema();
            return new Store.Versioned(0, AppRecord.EMPTY);
        }
        return found;
    }

    boolean cas(AppId app, long version, byte[] record, long writtenAtMs) throws SQLException {
        boolean won = table.cas(app, version, record, writtenAtMs);
        usedAt = System.nanoTime();
        if (!won) {
            refuseOtherSchema();
        }
        return won;
    }

    /**
     * Tells whoever listens. The server need not have that on its disk: it would not tell it after
     * a crash anyway.
     */
    void tell(List<String> notices) throws SQLException {
        if (tell == null) {
            tell =
                    connection.prepareStatement(
                            """
                            SELECT pg_notify(?, notice)
                            FROM unnest(?::text[]) AS notice,
                                set_config('synchronous_commit', 'off', true)
                            """);
        }
        tell.setString(1, opening.channel());
        tell.setArray(2, connection.createArrayOf("text", notices.toArray()));
        tell.execute();
        usedAt = System.nanoTime();
    }

    /** Returns the server's time. */
    Instant now() throws SQLException {
        if (clock == null) {
            clock =
                    connection.prepareStatement(
                            "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
        }
        try (ResultSet rows = clock.executeQuery()) {
            rows.next();
            usedAt = System.nanoTime();
            return Instant.EPOCH.plus(rows.getLong(1), ChronoUnit.MICROS);
        }
    }

    /** Tells "no such record" and "another was quicker" from a guard that did not hold. */
    private void refuseOtherSchema() throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "SELECT version FROM " + opening.layoutTable());
                ResultSet rows = select.executeQuery()) {
            if (!rows.next()) {
                throw new MisconfiguredException(
                        "the store "
                                + opening.name()
                                + " has lost its layout (expected: the row that was in it)");
            }
            opening.refuseOther(rows.getInt(1));
        }
    }

    @Override
    public void cut() throws SQLException {
        connection.abort(Runnable::run);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
