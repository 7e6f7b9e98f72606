package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** Something that is done to a database while it is in use, and undone. */
abstract class Harm {
    abstract void begin() throws Exception;

    abstract void end() throws Exception;

    /** Another process takes the write lock and keeps it. */
    static final class Locked extends Harm {
        private final SqliteProcess holder;

        Locked(Path file) throws Exception {
            holder = SqliteProcess.start(file, "lock");
        }

        @Override
        void begin() throws Exception {
            holder.go();
            assertThat(holder.line()).isEqualTo("locked");
        }

        @Override
        void end() throws InterruptedException {
            holder.kill();
        }
    }

    /** A newer Evergrant writes each record once more, in a format that this one does not know. */
    static final class NewerRecord extends Harm {
        private static final int FORMAT = 2;

        private final Path file;
        private String before = "";
        private String after = "";

        NewerRecord(Path file) {
            this.file = file;
        }

        @Override
        void begin() throws SQLException {
            inOneStep(
                    file,
                    connection -> {
                        before = content(connection);
                        byte[] bytes = bytes(connection);
                        bytes[0] = FORMAT;
                        write(connection, 1, bytes);
                        after = content(connection);
                    });
        }

        @Override
        void end() throws SQLException {
            inOneStep(
                    file,
                    connection -> {
                        assertThat(content(connection)).as("what was newer").isEqualTo(after);
                        byte[] bytes = bytes(connection);
                        bytes[0] = 1;
                        write(connection, -1, bytes);
                        assertThat(content(connection)).isEqualTo(before);
                    });
        }

        private static void write(Connection connection, int versions, byte[] bytes)
                throws SQLException {
            try (PreparedStatement update =
                    connection.prepareStatement(
                            """
                            UPDATE record
                            SET bytes = ?, version = version + ?, revision = revision + 1
                            """)) {
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
        private final Path file;
        private String after = "";

        NewerSchema(Path file) {
            this.file = file;
        }

        @Override
        void begin() throws SQLException {
            inOneStep(
                    file,
                    connection -> {
                        execute(connection, "PRAGMA user_version = 2");
                        after = content(connection);
                    });
        }

        @Override
        void end() throws SQLException {
            inOneStep(
                    file,
                    connection -> {
                        assertThat(content(connection))
                                .as("what is in the newer schema")
                                .isEqualTo(after);
                        execute(connection, "PRAGMA user_version = 1");
                    });
        }
    }

    /** Connections are cut in the midst of what they do. */
    static final class Cut extends Harm {
        private final Cutter cutter;

        Cut(List<SqliteStore> handles) {
            cutter = new Cutter(handles);
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

    private static void inOneStep(Path file, Work work) throws SQLException {
        try (Connection connection = Samples.raw(file)) {
            execute(connection, "BEGIN IMMEDIATE");
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
