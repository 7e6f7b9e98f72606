package org.evergrant.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.evergrant.testkit.StoreFailure;
import org.evergrant.testkit.StoreLane;

/**
 * A process that goes through {@link StoreFailure#READ_ONLY} with files and a folder whose modes
 * forbid to write. Where the tests run as root, whom no mode stops, it is without that power.
 */
final class Powerless {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String POWERS = "-dac_override,-dac_read_search";

    private Powerless() {}

    static void suffer(Path folder) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        if (Files.getOwner(folder).getName().equals("root")) {
            line.addAll(List.of("setpriv", "--bounding-set", POWERS, "--inh-caps", POWERS));
        }
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
        line.add(System.getProperty("java.class.path"));
        line.add(Powerless.class.getName());
        line.add(folder.toString());
        Path said = Files.createTempFile("powerless", ".out");
        try {
            Process process =
                    new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start();
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it hangs: " + Files.readString(said));
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(Files.readString(said));
            }
        } finally {
            Files.delete(said);
        }
    }

    /** Runs in the other process. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path file = folder.resolve("read-only.db");
        List<SqliteStore> opened = new CopyOnWriteArrayList<>();
        Harm.Cut cutter = new Harm.Cut(opened);
        StoreLane.of(
                        "modes",
                        () -> {
                            SqliteStore store = SqliteStore.open(file);
                            opened.add(store);
                            return store;
                        },
                        () -> {
                            mode(folder, "r--------", "r-x------");
                            // Whoever has a file open goes on writing; the next to open it cannot.
                            cutter.begin();
                        },
                        () -> {
                            cutter.end();
                            mode(folder, "rw-------", "rwx------");
                        })
                .suffer(StoreFailure.READ_ONLY);
    }

    private static void mode(Path folder, String ofFiles, String ofFolder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.exists(file)) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(ofFiles));
                }
            }
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(ofFolder));
    }
}
