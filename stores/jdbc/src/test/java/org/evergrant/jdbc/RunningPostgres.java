package org.evergrant.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.seal.SealingKey;
import org.evergrant.servers.PostgresServer;
import org.evergrant.testkit.NothingLeft;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One PostgreSQL for all tests of this module, whose superuser's password is the canary. */
final class RunningPostgres implements BeforeAllCallback {
    static final String KEY = SealingKey.newText();

    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static final ExtensionContext.Namespace HERE =
            ExtensionContext.Namespace.create(RunningPostgres.class);

    private static final class Shared implements AutoCloseable {
        private final PostgresServer server;

        Shared() {
            try {
                Path folder = Files.createTempDirectory("evergrant-postgres");
                server = PostgresServer.start(folder.resolve("data"), NothingLeft.CANARY);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            Files.deleteIfExists(server.data().getParent());
        }
    }

    private @Nullable PostgresServer server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server =
                context.getRoot()
                        .getStore(HERE)
                        .computeIfAbsent("server", key -> new Shared(), Shared.class)
                        .server;
    }

    PostgresServer server() {
        return Objects.requireNonNull(server);
    }

    /** Returns the name of a schema that nobody has used. */
    static String freshSchema() {
        return "t" + SCHEMAS.incrementAndGet();
    }

    static SealingKey key() {
        return SealingKey.fromText(KEY, "the test");
    }

    String url(String schema) {
        return server().url("postgres", "schema=" + schema);
    }

    /** Connects as an administrator would, with {@code schema} as the place for plain names. */
    Connection raw(String schema) throws SQLException {
        return raw(server(), schema);
    }

    static Connection raw(PostgresServer server, String schema) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("user", PostgresServer.USER);
        settings.setProperty("password", server.password());
        settings.setProperty("currentSchema", schema);
        settings.setProperty("options", "-c default_transaction_read_only=off");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", settings);
    }

    void sql(String schema, String... statements) throws SQLException {
        try (Connection connection = raw(schema);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Ends the server's sessions of a store, all of them or those that listen. */
    int terminate(String which) throws SQLException {
        try (Connection connection = raw("public");
                Statement statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                        + " WHERE application_name = 'evergrant' AND "
                                        + which)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
