package org.evergrant.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A process of the demo: the same JVM, options and classes as this one, another main class. It is
 * told things by its environment and stdin, never by arguments, which the whole machine can read.
 */
final class DemoChild implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(3);
    private static final int SHOWN_LINES = 5;

    /** Two JVMs cannot share what these name: a debugger's port, an agent's file, a cache made. */
    private static final List<String> NOT_INHERITED =
            List.of("-agentlib", "-agentpath", "-javaagent", "-Xrunjdwp", "-XX:AOTCacheOutput");

    private final String name;
    private final Process process;
    private final PrintStream in;
    private final Path errors;
    private final LinkedBlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    private DemoChild(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("demo-" + name).start(this::listen);
    }

    /**
     * Starts one.
     *
     * @param name for messages; also of a file in {@code folder} for what it writes to stderr
     * @throws DemoFailure when the system refuses
     */
    static DemoChild start(
            String name, Class<?> main, Map<String, String> environment, Path folder) {
        Path errors = folder.resolve(name.replace(' ', '-') + ".err");
        ProcessBuilder builder = new ProcessBuilder(command(main));
        // The user's own app is no part of the demo.
        builder.environment()
                .keySet()
                .removeIf(key -> key.startsWith("ZOOM_") || key.startsWith("EVERGRANT_"));
        builder.environment().putAll(environment);
        builder.redirectError(errors.toFile());
        try {
            return new DemoChild(name, builder.start(), errors);
        } catch (IOException refused) {
            throw new DemoFailure("cannot start " + name + ": " + refused.getMessage(), refused);
        }
    }

    private static List<String> command(Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(
                ProcessHandle.current()
                        .info()
                        .command()
                        .orElse(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString()));
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (NOT_INHERITED.stream().noneMatch(option::startsWith)) {
                command.add(option);
            }
        }
        command.add("-cp");
        command.add(classPath());
        command.add(main.getName());
        return command;
    }

    private static String classPath() {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void listen() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null) {
                lines.add(Optional.of(line));
                line = out.readLine();
            }
        } catch (IOException ended) {
            // What it had to say is said.
        }
        lines.add(Optional.empty());
    }

    /** Writes a line to its stdin. */
    void tell(String line) {
        in.println(line);
    }

    /**
     * Returns the next line of its stdout, or null when none comes within that long.
     *
     * @throws DemoFailure when it has ended
     */
    @Nullable String next(Duration atMost) throws InterruptedException {
        Optional<String> line = lines.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (line == null) {
            return null;
        }
        return line.orElseThrow(this::ended);
    }

    /** Returns the last lines of its stderr, for a message. */
    String said() {
        try {
            List<String> all = Files.readAllLines(errors);
            List<String> last = all.subList(Math.max(0, all.size() - SHOWN_LINES), all.size());
            return last.isEmpty() ? "" : ":\n" + String.join("\n", last);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private DemoFailure ended() {
        String code = "";
        try {
            if (process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                code = " (exit code " + process.exitValue() + ")";
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        return new DemoFailure(name + " has ended before its time" + code + said());
    }

    /** Lets it know that it is over. */
    void release() {
        in.close();
    }

    /** Ends it, gently first. */
    @Override
    public void close() {
        release();
        try {
            if (process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
