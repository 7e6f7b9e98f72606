package org.evergrant.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.evergrant.emulator.Emulator;

/** The command as a process of its own, with an environment of its own. */
final class Command {
    /** How a process ended. */
    record Result(int code, String out, String err) {}

    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();

    private Command(Path folder) {
        this.folder = folder;
    }

    /** Returns a command that runs in {@code folder} and is told nothing. */
    static Command in(Path folder) {
        return new Command(folder);
    }

    /** Returns one that is told of the emulator's demo app. */
    static Command in(Path folder, Emulator provider, String retention) {
        return in(folder)
                .with("ZOOM_ACCOUNT_ID", Emulator.DEMO_ACCOUNT)
                .with("ZOOM_CLIENT_ID", Emulator.DEMO_CLIENT)
                .with("ZOOM_CLIENT_SECRET", Emulator.DEMO_SECRET)
                .with("ZOOM_TOKEN_URL", provider.tokenUrl())
                .with("ZOOM_API_URL", provider.apiUrl())
                .with("EVERGRANT_STORE", "sqlite:evergrant.db")
                .with("EVERGRANT_RETENTION", retention);
    }

    Command with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Process start(String... args) throws IOException {
        return process(args).start();
    }

    /** Starts it with its standard output going to {@code out}. */
    Process start(Path out, String... args) throws IOException {
        return process(args).redirectOutput(out.toFile()).start();
    }

    private ProcessBuilder process(String... args) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()));
        line.addAll(List.of(args));
        ProcessBuilder process = new ProcessBuilder(line).directory(folder.toFile());
        process.environment().keySet().removeIf(Command::isOurs);
        process.environment().putAll(environment);
        return process;
    }

    Result run(String... args) throws IOException, InterruptedException {
        return end(start(args));
    }

    /** Waits for the process and returns how it ended. */
    static Result end(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the command hangs");
        }
        return new Result(process.exitValue(), out, err);
    }

    private static boolean isOurs(String variable) {
        return variable.startsWith("ZOOM_") || variable.startsWith("EVERGRANT_");
    }
}
