package org.evergrant.bench.scale;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.evergrant.testkit.Await;
import redis.embedded.core.ExecutableProvider;

/**
 * The Redis 6.2 of embedded-redis on a free port of the loopback; what it acknowledges is on disk.
 */
final class RedisProgram implements Closeable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final int port;
    private final Process process;

    private RedisProgram(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    static RedisProgram start(Path folder) throws IOException {
        int port = freePort();
        Process process =
                new ProcessBuilder(
                                ExecutableProvider.newJarResourceProvider().get().toString(),
                                "--port",
                                Integer.toString(port),
                                "--bind",
                                "127.0.0.1",
                                "--dir",
                                folder.toString(),
                                "--appendonly",
                                "yes",
                                "--appendfsync",
                                "always",
                                "--save",
                                "")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        RedisProgram program = new RedisProgram(port, process);
        Await.until("Redis listens", DEADLINE, program::listens);
        return program;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroy();
        if (!Await.holds(DEADLINE, () -> !process.isAlive())) {
            process.destroyForcibly();
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
