package org.evergrant.jdbc;

import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;
import org.evergrant.EvergrantException;
import org.evergrant.spi.Store;

/**
 * Another process on the same file, started by {@link SqliteProcessesTest}. It says {@code ready},
 * waits for a line, and does what its arguments say: {@code open}, {@code increment N}, {@code
 * lock}, which keeps the write lock until it is killed, or {@code nowhere}, which opens while there
 * is no folder for SQLite's library. It says what it is refused.
 */
final class SqliteProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private SqliteProcess(Process process) {
        this.process = process;
        this.output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts one and returns when it waits for {@link #go}. */
    static SqliteProcess start(Path file, String... what) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xshare:auto",
                                "-Xmx64m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SqliteProcess.class.getName(),
                                file.toString()));
        command.addAll(List.of(what));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        SqliteProcess started = new SqliteProcess(builder.start());
        String first = started.line();
        if (!"ready".equals(first)) {
            started.close();
            throw new IOException("the process said " + first + " (expected: ready)");
        }
        return started;
    }

    void go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Returns the next line it says; {@code null} as text when it ended. */
    String line() throws IOException {
        return String.valueOf(output.readLine());
    }

    /** Ends it as kill -9 does. Through its handle, because that leaves its output readable. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    int exitCode() throws InterruptedException {
        return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Runs in the other process. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        System.out.println("ready");
        if (System.in.read() < 0) {
            return;
        }
        if (arguments[1].equals("nowhere")) {
            // The driver logs what it tried, at length.
            LogManager.getLogManager().reset();
            System.setProperty("org.sqlite.tmpdir", file.resolveSibling("nowhere").toString());
        }
        if (arguments[1].equals("lock")) {
            lock(file);
        }
        try (SqliteStore store = SqliteStore.open(file)) {
            System.out.println("opened");
            if (arguments[1].equals("increment")) {
                increment(store, Integer.parseInt(arguments[2]));
            }
        } catch (EvergrantException refused) {
            System.out.println(refused.getClass().getSimpleName() + " " + refused.getMessage());
        }
    }

    private static void lock(Path file) throws IOException {
        try (Connection connection = Samples.raw(file);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            System.out.println("locked");
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (SQLException refused) {
            System.out.println(refused);
        }
    }

    /** Says each generation after it was written, never before. */
    private static void increment(Store store, int times) {
        int done = 0;
        while (done < times) {
            Store.Versioned now = store.read(ZOOM);
            long next = now.record().generation() + 1;
            if (store.cas(ZOOM, now.version(), record(next))) {
                System.out.println(next);
                done++;
            }
        }
    }
}
