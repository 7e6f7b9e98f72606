package org.evergrant.trials;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.evergrant.AppId;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.RecordCodec;

/**
 * Keeps the versions by a trigger in the database that Evergrant has made, so that no write is
 * missed and none is seen that did not happen.
 */
final class SqlScribe implements Scribe {
    private static final String SQLITE =
            """
            CREATE TABLE trial_history
              (at INTEGER PRIMARY KEY, app TEXT, version INTEGER, bytes BLOB);
            CREATE TRIGGER trial_first AFTER INSERT ON record BEGIN
              INSERT INTO trial_history (app, version, bytes)
              VALUES (new.app, new.version, new.bytes);
            END;
            CREATE TRIGGER trial_next AFTER UPDATE ON record BEGIN
              INSERT INTO trial_history (app, version, bytes)
              VALUES (new.app, new.version, new.bytes);
            END;
            """;

    /** Writes of one row come one after the other, so their numbers are in order. */
    private static final String POSTGRES =
            """
            CREATE TABLE trial_history
              (at bigserial PRIMARY KEY, app text, version bigint, bytes bytea);
            CREATE FUNCTION trial_keep() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO public.trial_history (app, version, bytes)
              VALUES (new.app, new.version, new.bytes);
              RETURN new;
            END $$;
            CREATE TRIGGER trial_keep AFTER INSERT OR UPDATE ON evergrant.record
              FOR EACH ROW EXECUTE FUNCTION trial_keep();
            """;

    private final Supplier<String> url;

    private SqlScribe(Supplier<String> url) {
        this.url = url;
    }

    /** Begins to keep the history of a SQLite file. */
    static SqlScribe ofFile(Path database) throws SQLException {
        return new SqlScribe(() -> "jdbc:sqlite:" + database).begun(SQLITE);
    }

    /**
     * Begins to keep the history of a PostgreSQL.
     *
     * @param url how its primary is reached now, for JDBC
     */
    static SqlScribe ofPostgres(Supplier<String> url) throws SQLException {
        return new SqlScribe(url).begun(POSTGRES);
    }

    private SqlScribe begun(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url.get());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
        return this;
    }

    @Override
    public List<AppRecord> versions(AppId recordId, SealingKey key) throws SQLException {
        RecordCodec codec = RecordCodec.sealedBy(key);
        List<AppRecord> versions = new ArrayList<>();
        versions.add(AppRecord.EMPTY);
        try (Connection connection = DriverManager.getConnection(url.get());
                PreparedStatement select =
                        connection.prepareStatement(
                                "SELECT version, bytes FROM trial_history WHERE app = ? ORDER"
                                        + " BY at")) {
            select.setString(1, recordId.value());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    if (rows.getLong(1) != versions.size()) {
                        throw new AssertionError(
                                "version " + rows.getLong(1) + " follows " + (versions.size() - 1));
                    }
                    versions.add(codec.decode(recordId, rows.getBytes(2)));
                }
            }
        }
        return versions;
    }
}
