package org.evergrant.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.evergrant.Retention;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** Every part of the report measures something, in small; nothing is timed. */
final class ScaleReportTest {
    private static final ScaleReport.Sizes SMALL =
            new ScaleReport.Sizes(
                    List.of(1, 10),
                    List.of(1, 2),
                    List.of(1, 10),
                    1,
                    3,
                    20,
                    Duration.ofMillis(200),
                    4,
                    Duration.ofMillis(200),
                    100);

    @TempDir Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ScaleReport report =
            new ScaleReport(new PrintStream(printed, true, StandardCharsets.UTF_8), SMALL);

    @Test
    void storeIsCalledForMintsAndNotForCallers() {
        VirtualFleet.Cost one = threeHoursAfterTheFirst(1);
        VirtualFleet.Cost ten = threeHoursAfterTheFirst(10);

        assertThat(one.asks()).isEqualTo(3 * 3 * 360);
        assertThat(one.mints()).isEqualTo(3);
        assertThat(one.store().writes()).isEqualTo(2 * 3);
        assertThat(ten.asks()).isEqualTo(10 * one.asks());
        assertThat(ten.store()).isEqualTo(one.store());
    }

    /** In which hour a mint falls, and who waits for it, differs; so fleets are compared. */
    private static VirtualFleet.Cost threeHoursAfterTheFirst(int callers) {
        try (VirtualFleet fleet = new VirtualFleet(3, 1, Retention.NEWEST_ONLY)) {
            Duration pause = Duration.ofSeconds(10);
            fleet.run(Duration.ofHours(1), 1, pause);
            return fleet.run(Duration.ofHours(3), callers, pause);
        }
    }

    @Test
    void callsArePrintedAndDrawn() throws Exception {
        Path plot = folder.resolve("plot.svg");

        report.calls(plot);

        assertThat(rows()).hasSize(2 + 4);
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(Files.readString(plot))));
        assertThat(Files.readString(plot)).contains(">10 apps</text>", "<polyline");
    }

    @Test
    void everyStoreHandsOverAndRenews() throws Exception {
        List<String> stores = List.of("memory", "sqlite", "postgresql", "valkey");

        report.handOver(stores);
        report.renewals(stores);

        assertThat(rows()).hasSize(4 + 8).noneMatch(row -> row.contains("| 0 |"));
    }

    @Test
    void footprintCountsBytesAndThreads() throws Exception {
        report.footprint();

        assertThat(rows()).hasSize(9);
    }

    @Test
    void partsOfSamplesAreTheirRanks() {
        Samples samples = Samples.of(4_000_000, 1_000_000, 3_000_000, 2_000_000);

        assertThat(samples.ms(0.5)).isEqualTo(2);
        assertThat(samples.ms(0.99)).isEqualTo(4);
        assertThat(samples.count()).isEqualTo(4);
    }

    /** Returns the rows of all tables, without their heads. */
    private List<String> rows() throws IOException {
        return printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
                .filter(line ->
                        !line.contains(" | mints")
                                && !line.contains("p50")
                                && !line.startsWith("| what"))
                .toList();
    }
}
