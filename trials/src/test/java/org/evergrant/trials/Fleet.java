package org.evergrant.trials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.evergrant.emulator.Emulator;

/** Worker processes on one SQLite file, and what they saw. */
final class Fleet implements AutoCloseable {
    private final Path folder;
    private final Emulator provider;
    private final List<Process> workers = new ArrayList<>();
    private final List<Path> outputs = new ArrayList<>();

    Fleet(Path folder, Emulator provider) {
        this.folder = folder;
        this.provider = provider;
    }

    Path store() {
        return folder.resolve("evergrant.db");
    }

    void start(int processes, int callers, String retention, long seconds, long thinkMs)
            throws IOException {
        for (int i = 0; i < processes; i++) {
            Path out = folder.resolve("worker-" + i + ".out");
            ProcessBuilder worker =
                    new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-XX:+UseSerialGC",
                            "-Xmx256m",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Worker.class.getName());
            worker.environment()
                    .putAll(
                            Map.of(
                                    "TRIAL_PROVIDER", provider.url(),
                                    "TRIAL_RETENTION", retention,
                                    "TRIAL_STORE", store().toString(),
                                    "TRIAL_CALLERS", String.valueOf(callers),
                                    "TRIAL_SECONDS", String.valueOf(seconds),
                                    "TRIAL_THINK_MS", String.valueOf(thinkMs)));
            worker.redirectOutput(out.toFile());
            worker.redirectError(folder.resolve("worker-" + i + ".err").toFile());
            workers.add(worker.start());
            outputs.add(out);
        }
    }

    /** Waits for all workers to end and adds up what they saw. */
    Tally join(long seconds) throws IOException, InterruptedException {
        Tally all = Tally.NONE;
        for (int i = 0; i < workers.size(); i++) {
            if (!workers.get(i).waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("worker " + i + " hangs: " + said(i));
            }
            String line =
                    Files.readAllLines(outputs.get(i)).stream()
                            .filter(text -> text.startsWith("tally "))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("a worker died"));
            all = all.plus(Tally.ofLine(line));
        }
        return all;
    }

    /** Returns what the workers wrote to their error output, cut. */
    String said() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < workers.size(); i++) {
            all.append(said(i));
        }
        return all.toString();
    }

    private String said(int worker) throws IOException {
        String text = Files.readString(folder.resolve("worker-" + worker + ".err"));
        return text.length() > 2000 ? text.substring(0, 2000) + "…" : text;
    }

    @Override
    public void close() {
        workers.forEach(Process::destroyForcibly);
    }
}
