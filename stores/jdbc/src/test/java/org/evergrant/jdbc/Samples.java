package org.evergrant.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.evergrant.AppId;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.testkit.NothingLeft;

/** Records and raw SQL for the tests of this package. */
final class Samples {
    static final AppId ZOOM = AppId.of("zoom");

    private static final Instant AT = Instant.parse("2030-01-01T00:00:00Z");

    private Samples() {}

    /** Returns a record with one token, whose value shows the canary. */
    static AppRecord record(long generation) {
        return record(generation, NothingLeft.CANARY);
    }

    static AppRecord record(long generation, String value) {
        Token token =
                new Token(
                        generation,
                        0,
                        Secret.of(value),
                        "bearer",
                        "",
                        "",
                        AT,
                        AT.plusSeconds(3600),
                        AT.plusSeconds(3540),
                        Token.Standing.GOOD,
                        false);
        return new AppRecord(generation, List.of(token), null, null, List.of(), 0, null);
    }

    /** Opens the file as any other program would. */
    static Connection raw(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    static void sql(Path file, String sql) throws SQLException {
        try (Connection connection = raw(file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
