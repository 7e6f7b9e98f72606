package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.evergrant.servers.Cutter;
import org.jspecify.annotations.Nullable;

/** Something that is done to a database while it is in use, and undone. */
abstract class Harm {
    abstract void begin() throws Exception;

    abstract void end() throws Exception;

    /** What differs between databases. */
    interface Database {
        Connection open() throws SQLException;

        /** Returns the SQL that begins a transaction which nobody's writes come between. */
        String lock();

        /** Returns the SQL of the revision of a change. */
        String revision();

        /** Returns the SQL that sets the schema's number. */
        String schema(int number);
    }

    /** Somebody takes the lock and keeps it. */
    static final class Locked extends Harm {
        private final Database database;
        private @Nullable Connection holder;

        Locked(Database database) {
            this.database = database;
        }

        @Override
        void begin() throws SQLException {
            holder = database.open();
            execute(holder, database.lock());
        }

        @Override
        void end() throws SQLException {
            if (holder != null) {
                holder.close();
            }
        }
    }

    /** A newer Evergrant writes each record once more, in a format that this one does not know. */
    static final class NewerRecord extends Harm {
        private static final int FORMAT = 2;

        private final Database database;
        private String before = "";
        private String after = "";

        NewerRecord(Database database) {
            this.database = database;
        }

        @Override
        void begin() throws SQLException {
            inOneStep(
                    database,
                    connection -> {
                        before = content(connection);
                        byte[] bytes = bytes(connection);
                        bytes[0] = FORMAT;
                        write(connection, database.revision(), 1, bytes);
                        after = content(connection);
                    });
        }

        @Override
        void end() throws SQLException {
            inOneStep(
                    database,
                    connection -> {
                        assertThat(content(connection)).as("what was newer").isEqualTo(after);
                        byte[] bytes = bytes(connection);
                        bytes[0] = 1;
                        write(connection, database.revision(), -1, bytes);
                        assertThat(content(connection)).isEqualTo(before);
                    });
        }

        private static void write(
                Connection connection, String revision, int versions, byte[] bytes)
                throws SQLException {
            try (PreparedStatement update =
                    connection.prepareStatement(
                            """
                            UPDATE record
                            SET bytes = ?, version = version + ?, revision = %s
                            """
                                    .formatted(revision))) {
                update.setBytes(1, bytes);
                update.setInt(2, versions);
                assertThat(update.executeUpdate()).isEqualTo(1);
            }
        }

        private static byte[] bytes(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT bytes FROM record")) {
                rows.next();
                return rows.getBytes(1);
            }
        }
    }

    /** A newer Evergrant changes the schema. */
    static final class NewerSchema extends Harm {
        private final Database database;
        private String after = "";

        NewerSchema(Database database) {
            this.database = database;
        }

        @Override
        void begin() throws SQLException {
            inOneStep(
                    database,
                    connection -> {
                        execute(connection, database.schema(2));
                        after = content(connection);
                    });
        }

        @Override
        void end() throws SQLException {
            inOneStep(
                    database,
                    connection -> {
                        assertThat(content(connection))
                                .as("what is in the newer schema")
                                .isEqualTo(after);
                        execute(connection, database.schema(1));
                    });
        }
    }

    /** Connections are cut in the midst of what they do. */
    static final class Cut extends Harm {
        private final Cutter cutter;

        Cut(List<SqliteStore> handles) {
            cutter = new Cutter(Duration.ofMillis(1), () -> handles.forEach(Cut::cut));
        }

        private static void cut(SqliteStore store) {
            try {
                store.cut();
            } catch (SQLException closed) {
                // Its connection was closed a moment before, which is as good.
                return;
            }
        }

        @Override
        void begin() {
            cutter.begin();
        }

        @Override
        void end() throws InterruptedException {
            cutter.end();
        }
    }

    /**
     * No file of this process may grow: what the system says then is not "full" but "too large".
     */
    static final class NoGrowth extends Harm {
        @Override
        void begin() throws Exception {
            SmallDisk.limitFiles(true);
        }

        @Override
        void end() throws Exception {
            SmallDisk.limitFiles(false);
        }
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private static void inOneStep(Database database, Work work) throws SQLException {
        try (Connection connection = database.open()) {
            execute(connection, database.lock());
            work.on(connection);
            execute(connection, "COMMIT");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns all records but for their revisions, which only count changes. */
    private static String content(Connection connection) throws SQLException {
        TreeMap<String, String> all = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT app, version, bytes FROM record")) {
            while (rows.next()) {
                String bytes = HexFormat.of().formatHex(rows.getBytes(3));
                all.put(rows.getString(1), rows.getLong(2) + " " + bytes);
            }
        }
        return all.toString();
    }
}
