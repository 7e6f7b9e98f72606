package org.evergrant.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL on loopback, in a folder of its own, as durable as one that matters: {@code fsync}
 * and {@code synchronous_commit} are on. It can be killed and started again on the same data and
 * port. Where the test runs as root the server runs in a user namespace, because it refuses root.
 */
public final class PostgresServer implements AutoCloseable {
    /** The superuser. */
    public static final String USER = "postgres";

    private static final Duration STARTING = Duration.ofSeconds(60);
    private static final Duration STOPPING = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final Path data;
    private final Path log;
    private final int port;
    private final String password;
    private @Nullable Process process;

    private PostgresServer(Path data, int port, String password) {
        this.data = data;
        this.log = data.resolveSibling(data.getFileName() + ".log");
        this.port = port;
        this.password = password;
    }

    /**
     * Makes a server and starts it.
     *
     * @param folder not there yet
     * @param password of the superuser
     * @param settings further lines of its configuration
     */
    public static PostgresServer start(Path folder, String password, String... settings)
            throws IOException {
        PostgresServer server = made(folder, password);
        server.set("max_wal_size = 64MB", "min_wal_size = 32MB");
        server.set(settings);
        server.start();
        return server;
    }

    /**
     * Makes a server whose write-ahead log lies elsewhere, begins with a few megabytes and grows,
     * and starts it.
     *
     * @param wal not there yet
     */
    public static PostgresServer startWithLogOn(Path wal, Path folder, String password)
            throws IOException {
        PostgresServer server = made(folder, password, "--waldir=" + wal, "--wal-segsize=1");
        server.set("max_wal_size = 1GB", "min_wal_size = 2MB");
        server.start();
        return server;
    }

    private static PostgresServer made(Path folder, String password, String... options)
            throws IOException {
        PostgresServer server = new PostgresServer(folder, freePort(), password);
        Path file = folder.resolveSibling(folder.getFileName() + ".password");
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, password);
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("-D", folder.toString(), "-U", USER, "--pwfile=" + file));
        all.addAll(List.of("--auth=scram-sha-256", "-E", "UTF8", "--no-locale", "--no-sync"));
        server.run("initdb", all.toArray(String[]::new));
        Files.delete(file);
        server.set(
                "listen_addresses = '127.0.0.1'",
                "unix_socket_directories = ''",
                "port = " + server.port,
                "max_connections = 60",
                "shared_buffers = 16MB",
                "fsync = on",
                "synchronous_commit = on",
                "wal_level = replica",
                "hot_standby = on");
        return server;
    }

    /** Returns the port on loopback. */
    public int port() {
        return port;
    }

    /** Returns the folder of its data. */
    public Path data() {
        return data;
    }

    /** Returns the superuser's password. */
    public String password() {
        return password;
    }

    /** Returns the URL of a database for the superuser, with {@code query} behind it. */
    public String url(String database, String query) {
        return "postgresql://"
                + USER
                + ":"
                + password
                + "@127.0.0.1:"
                + port
                + "/"
                + database
                + (query.isEmpty() ? "" : "?" + query);
    }

    /** Adds lines to its configuration; they hold from the next start or {@link #reload} on. */
    public void set(String... lines) throws IOException {
        Files.write(
                data.resolve("postgresql.conf"),
                List.of(lines),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Starts it, and returns once it takes connections. */
    public void start() throws IOException {
        Process started =
                new ProcessBuilder(command("postgres", "-D", data.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        process = started;
        Path pid = data.resolve("postmaster.pid");
        long deadline = System.nanoTime() + STARTING.toNanos();
        while (!isReady(pid)) {
            if (!started.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IOException("PostgreSQL did not start: " + Files.readString(log));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Stops it as an administrator does who does not wait for clients. */
    public void stop() throws IOException {
        Process running = process;
        if (running == null) {
            return;
        }
        signal("INT", running.pid());
        awaitEnd(running);
        process = null;
    }

    /** Ends all its processes as kill -9 does. */
    public void kill() throws IOException {
        Process running = process;
        if (running == null) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
        running.toHandle().destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(running);
        for (ProcessHandle one : all) {
            one.onExit().orTimeout(STOPPING.toSeconds(), TimeUnit.SECONDS).join();
        }
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        process = null;
    }

    /**
     * Makes a standby that follows this server from now on. This server is stopped and started
     * again on the way.
     *
     * @param folder not there yet
     */
    public PostgresServer standby(Path folder) throws IOException {
        return standby(folder, freePort());
    }

    /**
     * Makes a standby that listens on {@code port}.
     *
     * @param folder not there yet
     */
    public PostgresServer standby(Path folder, int port) throws IOException {
        stop();
        Folders.copy(data, folder);
        start();
        PostgresServer standby = new PostgresServer(folder, port, password);
        Files.createFile(folder.resolve("standby.signal"));
        standby.set(
                "port = " + standby.port,
                "primary_conninfo = 'host=127.0.0.1 port="
                        + this.port
                        + " user="
                        + USER
                        + " password="
                        + password
                        + "'");
        standby.start();
        return standby;
    }

    /** Makes a standby the primary. */
    public void promote() throws IOException {
        run("pg_ctl", "promote", "-D", data.toString(), "-w");
    }

    /** Stops it at once and deletes its data. */
    @Override
    public void close() throws IOException {
        kill();
        Folders.delete(data);
        Files.deleteIfExists(log);
    }

    private boolean isReady(Path pid) throws IOException {
        // Its eighth line says how far the server is.
        return Files.exists(pid)
                && Files.readAllLines(pid).stream()
                        .map(String::strip)
                        .anyMatch(line -> line.equals("ready") || line.equals("standby"));
    }

    private void run(String program, String... arguments) throws IOException {
        Process running =
                new ProcessBuilder(command(program, arguments))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        awaitEnd(running);
        if (running.exitValue() != 0) {
            throw new IOException(program + " failed: " + Files.readString(log));
        }
    }

    private static List<String> command(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(PostgresPrograms.folder().resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return withoutRoot(command);
    }

    /** Returns how to run a program that refuses root: as nobody, who owns what root owns. */
    static List<String> withoutRoot(List<String> command) {
        List<String> all = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            all.addAll(List.of("unshare", "-U"));
        }
        all.addAll(command);
        return all;
    }

    /** Has the running server read its configuration again. */
    public void reload() throws IOException {
        Process running = process;
        if (running != null) {
            signal("HUP", running.pid());
        }
    }

    private static void signal(String signal, long pid) throws IOException {
        awaitEnd(new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start());
    }

    private static void awaitEnd(Process running) throws IOException {
        try {
            if (!running.waitFor(STOPPING.toSeconds(), TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new IOException("a program of PostgreSQL hangs");
            }
        } catch (InterruptedException interrupt) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupt);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
