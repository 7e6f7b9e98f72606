package org.evergrant.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A PgBouncer in transaction mode in front of a {@link PostgresServer}, with few connections. */
public final class PgBouncer implements AutoCloseable {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));
    private static final Duration STARTING = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final Process process;
    private final int port;

    private PgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param folder an empty folder for its files
     */
    public static PgBouncer start(Path folder, PostgresServer server) throws IOException {
        Path program =
                PLACES.stream()
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow(() ->
                                new IOException(
                                        "no PgBouncer (expected: the Debian package pgbouncer;"
                                                + " servers/prepare installs it)"));
        int port = PostgresServer.freePort();
        Path users = secret(folder.resolve("users.txt"), users(server));
        Path configuration =
                secret(folder.resolve("pgbouncer.ini"), configuration(server, port, users));
        Path log = folder.resolve("pgbouncer.log");
        Process process =
                new ProcessBuilder(
                                PostgresServer.withoutRoot(
                                        List.of(program.toString(), configuration.toString())))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        PgBouncer started = new PgBouncer(process, port);
        long deadline = System.nanoTime() + STARTING.toNanos();
        while (!started.answers()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                started.close();
                throw new IOException("PgBouncer did not start: " + Files.readString(log));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return started;
    }

    /** Returns the port on loopback. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(STARTING.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String users(PostgresServer server) {
        return '"' + PostgresServer.USER + "\" \"" + server.password() + "\"\n";
    }

    private static String configuration(PostgresServer server, int port, Path users) {
        return """
        [databases]
        * = host=127.0.0.1 port=%d
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = %s
        pool_mode = transaction
        default_pool_size = 2
        ignore_startup_parameters = extra_float_digits
        """
                .formatted(server.port(), port, users);
    }

    private static Path secret(Path file, String text) throws IOException {
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }
}
