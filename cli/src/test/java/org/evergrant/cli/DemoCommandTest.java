package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.evergrant.testkit.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class DemoCommandTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir private Path folder;

    /** Real processes, sockets and mints; tokens live so long that a slow machine does no harm. */
    @Test
    void evergrantFailsNoCallWhereTheOthersDo() throws IOException {
        Path json = folder.resolve("outcome.json");

        int code =
                run(
                        "--callers",
                        "12",
                        "--processes",
                        "2",
                        "--lifetime",
                        "5s",
                        "--duration",
                        "7s",
                        "--json",
                        json.toString());

        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("way ", "per-call ", "cached ", "evergrant ")
                .contains("no call failed");
        assertThat(Files.readString(json)).startsWith("{\"retention\":\"newest-only\",\"ways\":[");
        assertThat(number(json, "cached", "failed")).isPositive();
        assertThat(number(json, "evergrant", "failed")).isZero();
        assertThat(number(json, "evergrant", "calls")).isPositive();
        assertThat(number(json, "evergrant", "mints")).isBetween(1L, 3L);
        assertThat(number(json, "per-call", "mints"))
                .isGreaterThanOrEqualTo(number(json, "per-call", "calls"));
        Await.until("no process is left", SOON, () -> children() == 0);
        assertThat(leftFolders()).isZero();
    }

    @Test
    void everyFaultIsNamedAtOnce() {
        int code =
                run(
                        "--callers",
                        "0",
                        "--processes",
                        "99",
                        "--lifetime",
                        "1s",
                        "--duration",
                        "2h",
                        "--json",
                        folder.resolve("none/outcome.json").toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).startsWith("--callers: 0 (expected: 1 to 1000)"),
                        line -> assertThat(line).startsWith("--processes: 99 (expected: 1 to 16)"),
                        line -> assertThat(line).startsWith("--lifetime: 1s (expected: 2s to 24h)"),
                        line -> assertThat(line).startsWith("--duration: 2h (expected: 1s to 1h)"),
                        line -> assertThat(line).startsWith("--json: ").contains("in a folder"));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void moreProcessesThanCallersAreRefused() {
        assertThat(run("--callers", "2", "--processes", "3")).isEqualTo(2);
        assertThat(err.toString()).startsWith("--callers: 2 (expected: ");
    }

    @Test
    void anUnknownRetentionIsRefused() {
        assertThat(run("--retention", "eternal")).isEqualTo(2);
        assertThat(err.toString()).contains("eternal").contains("newest-only");
    }

    @Test
    void aDurationWithoutAUnitIsRefused() {
        assertThat(run("--duration", "30")).isEqualTo(2);
        assertThat(err.toString()).contains("30").contains("12s");
    }

    private int run(String... args) {
        return new CommandLine(new DemoCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    /** Reads one number of one way; the outcome is one line of JSON. */
    private static long number(Path json, String way, String field) throws IOException {
        String text = Files.readString(json);
        String row = text.substring(text.indexOf("\"way\":\"" + way + "\""));
        String value = row.substring(row.indexOf("\"" + field + "\":") + field.length() + 3);
        return Long.parseLong(value.substring(0, value.indexOf(',')));
    }

    private static long children() {
        try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            return children.filter(ProcessHandle::isAlive).count();
        }
    }

    /** Other runs on this machine may be under way, so only those that this process made count. */
    private static long leftFolders() throws IOException {
        long mine = ProcessHandle.current().pid();
        try (Stream<Path> folders = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return folders.filter(path ->
                            path.getFileName()
                                    .toString()
                                    .startsWith("evergrant-demo-" + mine + "-"))
                    .count();
        }
    }
}
