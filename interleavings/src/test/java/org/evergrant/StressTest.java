package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.evergrant.testkit.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads of one node raced against each other by jcstress on all cores, some ten thousand times a
 * second; {@code interleavings/stress} does it for longer.
 */
class StressTest {
    /** Per test. */
    private static final int MILLISECONDS = 2000;

    /** Two tests, each with a JVM of its own; a race that ends in a thread that hangs ends here. */
    private static final Duration MOST = Duration.ofSeconds(150);

    private static final Pattern SUMMARY =
            Pattern.compile("1 planned; (1 passed, 0|0 passed, 1) failed|RUN RESULTS");

    @TempDir Path folder;

    @Test
    void noRaceEndsAsItMustNot() throws Exception {
        String report = race("Stress", List.of());

        assertThat(report).contains("2 planned; 2 passed, 0 failed, 0 soft errs, 0 hard errs");
    }

    @Test
    void hitThatIsReadTwiceIsFound() throws Exception {
        Planted bug =
                Planted.fault(
                        folder,
                        "Keeper",
                        "time.nanos() - seen.until < 0 ? token",
                        "time.nanos() - hit.until < 0 ? token");

        assertThat(race("HitStress", List.of(bug.classes())))
                .contains("[FAILED] org.evergrant.HitStress");
    }

    @Test
    void mailboxThatRunsTwoAtOnceIsFound() throws Exception {
        Planted bug =
                Planted.fault(
                        folder,
                        "Mailbox",
                        "(int) SIGNALS.getAndAdd(this, 1) == 0",
                        "(int) SIGNALS.getAndAdd(this, 1) <= 1");

        assertThat(race("MailboxStress", List.of(bug.classes())))
                .contains("[FAILED] org.evergrant.MailboxStress");
    }

    private String race(String tests, List<Path> first) throws IOException {
        List<String> path = new ArrayList<>(first.stream().map(Path::toString).toList());
        path.add(System.getProperty("java.class.path"));
        Path report = folder.resolve("report");
        Process jcstress =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                String.join(File.pathSeparator, path),
                                "org.openjdk.jcstress.Main",
                                "-t",
                                "org.evergrant.*" + tests,
                                "-r",
                                folder.toString(),
                                "-v",
                                "-sc",
                                "false",
                                "-f",
                                "1",
                                "-iters",
                                "1",
                                "-time",
                                String.valueOf(MILLISECONDS),
                                "-jvmArgs",
                                "-XX:+UseSerialGC")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(report.toFile())
                        .start();
        try {
            // After a failure jcstress prints its summary and does not end.
            Await.until(
                    "jcstress has its results",
                    MOST,
                    () -> !jcstress.isAlive() || SUMMARY.matcher(text(report)).find());
            return text(report);
        } finally {
            jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
            jcstress.destroyForcibly();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
