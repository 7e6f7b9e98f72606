package org.evergrant.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.evergrant.emulator.Retention;
import org.junit.jupiter.api.Test;

final class DemoScreenTest {
    private static final DemoPlan PLAN =
            new DemoPlan(
                    Retention.newestOnly(),
                    Duration.ofSeconds(12),
                    64,
                    3,
                    Duration.ofSeconds(30),
                    null);
    private static final DemoOutcome OUTCOME =
            new DemoOutcome(
                    "newest-only",
                    List.of(
                            row(DemoWay.PER_CALL, new DemoCounts(1200, 900), 1201),
                            row(DemoWay.CACHED, new DemoCounts(1300, 860), 3),
                            row(DemoWay.EVERGRANT, new DemoCounts(1250, 0), 1)));

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void withoutATerminalALineComesEveryFiveSeconds() {
        DemoScreen screen = screen(false, false);

        for (int ms = 0; ms <= 11_000; ms += 200) {
            screen.show(PLAN, OUTCOME, Duration.ofMillis(ms));
        }

        assertThat(text().lines())
                .containsExactly(
                        "5 of 30 s; per-call: 1,200 calls, 900 (75.0 %) failed, 1,201 mints;"
                                + " cached: 1,300 calls, 860 (66.2 %) failed, 3 mints;"
                                + " evergrant: 1,250 calls, 0 failed, 1 mints",
                        "10 of 30 s; per-call: 1,200 calls, 900 (75.0 %) failed, 1,201 mints;"
                                + " cached: 1,300 calls, 860 (66.2 %) failed, 3 mints;"
                                + " evergrant: 1,250 calls, 0 failed, 1 mints");
        assertThat(text()).doesNotContain("\u001b");
    }

    @Test
    void panelIsDrawnOverThePanelBefore() {
        DemoScreen screen = screen(true, true);

        screen.say("Starting");
        screen.show(PLAN, OUTCOME, Duration.ofSeconds(10));
        screen.show(PLAN, OUTCOME, Duration.ofSeconds(10));
        screen.clear();

        assertThat(text())
                .containsSubsequence("Starting", "\u001b[1F", "evergrant", "\u001b[5F", "\u001b[J");
        assertThat(text()).endsWith("\u001b[5F\u001b[J\u001b[?7h");
    }

    @Test
    void failuresAreRedAndNothingElseIs() {
        List<String> panel = screen(true, true).panel(PLAN, OUTCOME, Duration.ofSeconds(10));

        assertThat(panel.get(2)).contains("\u001b[31m").contains("900 (75.0 %)\u001b[0m");
        assertThat(panel.get(4)).doesNotContain("\u001b");
    }

    @Test
    void withoutColoursNothingIsColoured() {
        List<String> panel = screen(true, false).panel(PLAN, OUTCOME, Duration.ofSeconds(10));

        assertThat(panel)
                .containsExactly(
                        "newest-only, tokens live 12s; 64 callers in 3 processes for each way",
                        "  [##########....................] 10 of 30 s",
                        "  per-call        1,200 calls        900 (75.0 %) failed      1,201 mints",
                        "  cached          1,300 calls        860 (66.2 %) failed          3 mints",
                        "  evergrant       1,250 calls                   0 failed          1"
                                + " mints");
    }

    private DemoScreen screen(boolean panel, boolean colours) {
        return new DemoScreen(new PrintStream(written, true, UTF_8), panel, colours);
    }

    private String text() {
        return written.toString(UTF_8);
    }

    private static DemoOutcome.Row row(DemoWay way, DemoCounts counts, long mints) {
        return new DemoOutcome.Row(way, counts, mints, new DemoLatencies(), "");
    }
}
