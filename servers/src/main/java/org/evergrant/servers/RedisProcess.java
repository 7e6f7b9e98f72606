package org.evergrant.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.evergrant.testkit.Await;
import redis.embedded.core.ExecutableProvider;

/**
 * A real server in a process of its own, on a free port of the loopback. What it acknowledges is on
 * its disk.
 *
 * <p>It is the Redis 6.2 of embedded-redis, or what the variable {@code
 * EVERGRANT_TEST_VALKEY_SERVER} names.
 */
public final class RedisProcess implements AutoCloseable {
    /** The offset is the last one acknowledged, and 0 before. */
    private static final Pattern REPLICA =
            Pattern.compile("state=online,offset=[1-9][0-9]*,lag=[01]\\b");

    private static final Duration STARTING = Duration.ofSeconds(20);
    private static final int TRIES = 5;

    /** A node of a cluster also takes the port 10,000 above. */
    private static final int LOWEST_PORT = 20_000;

    private static final int HIGHEST_PORT = 32_000;
    private static final int BUS = 10_000;
    private static final List<String> DURABLE =
            List.of("--appendonly", "yes", "--appendfsync", "always", "--save", "");

    private static final String SETTINGS = "settings.conf";
    private static final Random PORTS = new Random();
    private static Path binary = Path.of("");

    private final int port;
    private final Path folder;
    private final List<String> options;
    private Process process;

    private RedisProcess(int port, Path folder, List<String> options) throws IOException {
        this.port = port;
        this.folder = folder;
        this.options = options;
        this.process = begin();
    }

    /** Starts one with further options; returns once it answers. */
    public static RedisProcess start(String... options) throws IOException {
        List<String> all = new ArrayList<>(DURABLE);
        all.addAll(List.of(options));
        return startAs("", all);
    }

    /**
     * Starts a sentinel that watches {@code primary}, and counts a server that does not answer for
     * {@code patience} as down.
     */
    public static RedisProcess sentinel(
            String name, RedisProcess primary, int quorum, Duration patience) throws IOException {
        String settings =
                """
                sentinel monitor %1$s 127.0.0.1 %2$d %3$d
                sentinel down-after-milliseconds %1$s %4$d
                sentinel failover-timeout %1$s 3000
                """
                        .formatted(name, primary.port, quorum, patience.toMillis());
        return startAs(settings, List.of("--sentinel"));
    }

    private static RedisProcess startAs(String settings, List<String> options) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Path folder = Files.createTempDirectory("evergrant-redis");
            Files.writeString(folder.resolve(SETTINGS), settings);
            RedisProcess server = new RedisProcess(freePort(), folder, options);
            if (server.answers()) {
                return server;
            }
            server.close();
        }
        throw new IOException("no server would start: " + options);
    }

    /** Returns its port on loopback. */
    public int port() {
        return port;
    }

    /** Returns the way to it as {@code redis} URL without options. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Returns a connection to it. */
    public RawRedis raw() throws IOException {
        return RawRedis.to(port);
    }

    /** Says one thing to it. */
    public String say(Object... words) {
        try (RawRedis raw = raw()) {
            return raw.text(words);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /** Ends it as a power cut would end the process. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(STARTING.toSeconds(), TimeUnit.SECONDS);
    }

    /** Starts it again on the same port and files. */
    public void restart() throws IOException {
        process = begin();
        if (!answers()) {
            throw new IOException("the server did not come back");
        }
    }

    /**
     * Returns whether a replica has acknowledged what this server wrote. One that is "online" may
     * still be busy with the copy it was sent.
     */
    public boolean hasReplica() {
        return REPLICA.matcher(say("INFO", "replication")).find();
    }

    /** Returns whether its process runs. */
    public boolean isUp() {
        return process.isAlive();
    }

    /** Freezes it. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on. */
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    @Override
    public void close() {
        try {
            kill();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException ignored) {
            // A few files in a temporary folder.
            return;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
        kill.waitFor(STARTING.toSeconds(), TimeUnit.SECONDS);
    }

    private Process begin() throws IOException {
        List<String> line = new ArrayList<>();
        line.add(binary().toString());
        // A file of settings comes first; a sentinel also keeps there what it knows.
        line.add(folder.resolve(SETTINGS).toString());
        line.addAll(options);
        line.addAll(List.of("--port", Integer.toString(port)));
        line.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString()));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private boolean answers() {
        return Await.holds(STARTING, () -> !process.isAlive() || answersNow()) && process.isAlive();
    }

    private boolean answersNow() {
        try (RawRedis raw = raw()) {
            raw.call("PING");
            return true;
        } catch (IOException notYet) {
            String said = String.valueOf(notYet.getMessage());
            return said.startsWith("NOAUTH");
        }
    }

    /** Returns a port that nobody has. */
    public static int freePort() throws IOException {
        for (int i = 0; i < 1000; i++) {
            int port = LOWEST_PORT + PORTS.nextInt(HIGHEST_PORT - LOWEST_PORT);
            if (isFree(port) && isFree(port + BUS)) {
                return port;
            }
        }
        throw new IOException("no free port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static synchronized Path binary() throws IOException {
        if (binary.toString().isEmpty()) {
            String named = System.getenv().getOrDefault("EVERGRANT_TEST_VALKEY_SERVER", "");
            binary =
                    named.isEmpty()
                            ? ExecutableProvider.newJarResourceProvider().get().toPath()
                            : Path.of(named);
        }
        return binary;
    }
}
