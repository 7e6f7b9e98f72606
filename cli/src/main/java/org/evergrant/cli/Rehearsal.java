package org.evergrant.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.evergrant.emulator.Emulator;

/**
 * Runs the short commands once, in one process, while the JVM records what they load and link. The
 * launcher does this after a build and keeps the recording (the AOT cache), so that later starts
 * skip that work. What is not rehearsed still works; it is only slower to start.
 */
final class Rehearsal {
    private Rehearsal() {}

    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        PrintStream err = System.err;
        Path folder = Files.createTempDirectory("evergrant-rehearsal");
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
                Emulator provider = Emulator.builder().listen("127.0.0.1", 0).start()) {
            System.setOut(nowhere);
            System.setErr(nowhere);
            String file = configuration(folder, provider).toString();
            for (String[] command : commands(file)) {
                Main.run(command);
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
            delete(folder);
        }
        System.exit(Exit.DONE);
    }

    /** The first token is minted, the second comes from the store. */
    private static List<String[]> commands(String file) {
        return List.of(
                args("--version"),
                args("--help"),
                args("--no-such-option"),
                args("token", "zoom", "--config", file),
                args("token", "zoom", "--config", file),
                args("token", "zoom", "--config", file, "--header"),
                args("token", "zoom", "--config", file, "--json"),
                args("exec", "zoom", "--config", file, "--", "true"),
                args("status", "--config", file),
                args("status", "--config", file, "--json"),
                args("renew", "zoom", "--config", file),
                args("check", "--config", file));
    }

    private static Path configuration(Path folder, Emulator provider) throws IOException {
        return Files.writeString(
                folder.resolve("evergrant.yaml"),
                """
                store: sqlite:evergrant.db
                apps:
                  zoom:
                    provider: zoom
                    token-url: %s
                    api-url: %s
                    account-id: %s
                    client-id: %s
                    client-secret: %s
                """
                        .formatted(
                                provider.tokenUrl(),
                                provider.apiUrl(),
                                Emulator.DEMO_ACCOUNT,
                                Emulator.DEMO_CLIENT,
                                Emulator.DEMO_SECRET));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static String[] args(String... args) {
        return args;
    }
}
