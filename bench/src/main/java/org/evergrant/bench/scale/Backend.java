package org.evergrant.bench.scale;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.evergrant.MemoryStore;
import org.evergrant.jdbc.PostgresStore;
import org.evergrant.jdbc.SqliteStore;
import org.evergrant.seal.SealingKey;
import org.evergrant.servers.PostgresServer;
import org.evergrant.spi.Store;
import org.evergrant.valkey.ValkeyStore;

/** Where the nodes of one measurement share their records: a server of its own, or a named one. */
final class Backend implements Closeable {
    /** Seals nothing that is worth it, and is the same for every run on a server of a URL. */
    private static final SealingKey KEY =
            SealingKey.fromText(
                    "evergrant-key-1:" + Base64.getEncoder().encodeToString(new byte[32]), "bench");

    private final String name;
    private final Supplier<Store> opener;
    private final List<Closeable> parts;

    private Backend(String name, Supplier<Store> opener, Closeable... parts) {
        this.name = name;
        this.opener = opener;
        this.parts = List.of(parts);
    }

    /**
     * Starts {@code memory}, {@code sqlite}, {@code postgresql} or {@code valkey}, the servers as
     * durable as one that matters, or goes to the server of a URL, which must be for tests.
     */
    static Backend of(String text) throws IOException {
        Path folder = Files.createTempDirectory("evergrant-scale");
        Closeable files = () -> delete(folder);
        return switch (text) {
            case "memory" -> {
                MemoryStore memory = MemoryStore.create();
                yield new Backend("memory", memory::another, memory::close, files);
            }
            case "sqlite" -> {
                Path file = folder.resolve("evergrant.db");
                yield new Backend("SQLite", () -> SqliteStore.open(file, KEY), files);
            }
            case "postgresql" -> {
                PostgresServer server = PostgresServer.start(folder.resolve("data"), "bench");
                yield new Backend(
                        "PostgreSQL 18.6",
                        () -> PostgresStore.open(server.url("postgres", ""), KEY),
                        server::close,
                        files);
            }
            case "valkey" -> {
                RedisProgram server = RedisProgram.start(folder);
                yield new Backend(
                        "Redis 6.2", () -> ValkeyStore.open(server.url(), KEY), server, files);
            }
            default -> named(text, files);
        };
    }

    private static Backend named(String url, Closeable files) {
        boolean postgres = url.startsWith("postgresql:");
        return new Backend(
                "the " + (postgres ? "PostgreSQL" : "Valkey") + " of the URL",
                () -> postgres ? PostgresStore.open(url, KEY) : ValkeyStore.open(url, KEY),
                files);
    }

    String name() {
        return name;
    }

    /** Opens it once more, for another node. */
    Store open() {
        return opener.get();
    }

    @Override
    public void close() throws IOException {
        for (Closeable part : parts) {
            part.close();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
