package org.evergrant.testkit;

import static org.evergrant.testkit.SampleRecords.numbered;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.evergrant.AppId;
import org.evergrant.spi.Store;

/**
 * Another process on the same store, for the contract: {@link #opening} says how it opens it,
 * {@link #none} why no other process can.
 *
 * <p>What it says goes to a file: whoever reads from a pipe waits for as long as the process likes.
 */
public final class StoreProcess {
    static final AppId APP = AppId.of("counted");

    private static final Duration STARTING = Duration.ofSeconds(30);
    private static final Duration ENDING = Duration.ofSeconds(60);

    private final List<String> command;
    private final String reason;

    private StoreProcess(List<String> command, String reason) {
        this.command = List.copyOf(command);
        this.reason = reason;
    }

    /** Returns how another process, with this one's class path, opens the store. */
    public static StoreProcess opening(Class<? extends StoreOpener> opener, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(opener.getName());
        command.addAll(List.of(arguments));
        return new StoreProcess(command, "");
    }

    /** Says that no other process can open the store. */
    public static StoreProcess none(String reason) {
        return new StoreProcess(List.of(), reason);
    }

    /** Returns why there is none; empty when there is one. */
    String reason() {
        return reason;
    }

    /** Starts one that counts the record up so many times; returns once it has begun to. */
    Running start(int times) throws IOException {
        Path output = Files.createTempFile("evergrant-store", ".out");
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(StoreProcess.class.getName());
        line.add(Integer.toString(times));
        line.addAll(command);
        Process process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        Running running = new Running(process, output);
        Await.until("the process counts", STARTING, () -> running.ended() || running.last() > 0);
        return running;
    }

    /** Runs in the other process: says each number after it was acknowledged, never before. */
    public static void main(String[] arguments) throws Exception {
        int times = Integer.parseInt(arguments[0]);
        StoreOpener opener =
                Class.forName(arguments[1])
                        .asSubclass(StoreOpener.class)
                        .getConstructor()
                        .newInstance();
        try (Store store = opener.open(List.of(arguments).subList(2, arguments.length))) {
            for (int i = 0; i < times; i++) {
                System.out.println("counted " + count(store));
            }
        }
    }

    /** Counts the record up by one, whoever else does, and returns the number written. */
    static long count(Store store) {
        while (true) {
            Store.Versioned now = store.read(APP);
            long next = now.record().generation() + 1;
            if (store.cas(APP, now.version(), numbered(next))) {
                return next;
            }
        }
    }

    /** One that was started. */
    static final class Running implements AutoCloseable {
        private final Process process;
        private final Path output;

        private Running(Process process, Path output) {
            this.process = process;
            this.output = output;
        }

        /** Returns the last number that it said was acknowledged. */
        long last() {
            return said().lines()
                    .filter(line -> line.matches("counted [0-9]+"))
                    .mapToLong(line -> Long.parseLong(line.substring("counted ".length())))
                    .max()
                    .orElse(0);
        }

        String said() {
            try {
                String text = Files.readString(output);
                return text.substring(0, text.lastIndexOf('\n') + 1);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        boolean ended() {
            return !process.isAlive();
        }

        /** Waits for its end and returns its exit code. */
        int end() throws InterruptedException {
            if (!process.waitFor(ENDING.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the process hangs: " + said());
            }
            return process.exitValue();
        }

        /** Ends it as kill -9 does. */
        void kill() throws InterruptedException {
            process.destroyForcibly();
            end();
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
