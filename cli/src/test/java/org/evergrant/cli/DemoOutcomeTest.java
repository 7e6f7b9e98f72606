package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.evergrant.emulator.Retention;
import org.junit.jupiter.api.Test;

final class DemoOutcomeTest {
    private static final DemoOutcome OUTCOME =
            outcome(
                    new DemoCounts(20_000, 0),
                    new DemoCounts(18_000, 5),
                    new DemoCounts(17_500, 0));

    @Test
    void tableIsAligned() {
        assertThat(OUTCOME.table())
                .containsExactly(
                        "way         calls  failed calls   mints  p50 ms  p99 ms  max ms",
                        "per-call   20,000             0  20,000     2.0     650     650",
                        "cached     18,000     5 (0.1 %)       9     2.0     650     650",
                        "evergrant  17,500             0       3     2.0     650     650");
    }

    @Test
    void jsonIsTheContracts() {
        assertThat(OUTCOME.toJson())
                .isEqualTo(
                        """
                        {"retention":"newest-only","ways":[\
                        {"way":"per-call","calls":20000,"failed":0,"mints":20000,\
                        "p50_ms":2.015,"p99_ms":650.0,"max_ms":650.0},\
                        {"way":"cached","calls":18000,"failed":5,"mints":9,\
                        "p50_ms":2.015,"p99_ms":650.0,"max_ms":650.0},\
                        {"way":"evergrant","calls":17500,"failed":0,"mints":3,\
                        "p50_ms":2.015,"p99_ms":650.0,"max_ms":650.0}]}\
                        """);
    }

    @Test
    void goodOnlyIfTheEvergrantWayMadeCallsAndFailedNone() {
        DemoCounts some = new DemoCounts(10, 10);

        assertThat(outcome(some, some, new DemoCounts(10, 0)).isGood()).isTrue();
        assertThat(outcome(some, some, new DemoCounts(10, 1)).isGood()).isFalse();
        assertThat(outcome(some, some, DemoCounts.NONE).isGood()).isFalse();
    }

    @Test
    void storyBlamesTheMintsUnderARuleByWhichTheyKill() {
        DemoOutcome outcome =
                outcome(new DemoCounts(9, 4), new DemoCounts(9, 6), new DemoCounts(9, 0));

        String story = String.join("\n", DemoStory.of(plan("newest-only"), outcome));

        assertThat(story)
                .contains("every mint kills the token before it")
                .contains("4 failed calls: another caller's mint")
                .contains("6 failed calls: another process's mint")
                .contains("evergrant: 3 mints for everybody; no call failed")
                .contains("Once in a token's life");
    }

    @Test
    void storyOfAMildRuleBlamesNoMint() {
        DemoOutcome outcome =
                outcome(new DemoCounts(9, 0), new DemoCounts(9, 6), new DemoCounts(9, 0));

        String story = String.join("\n", DemoStory.of(plan("keep-all"), outcome));

        assertThat(story)
                .contains("a mint kills nothing")
                .contains("one for every call")
                .contains("6 failed calls, the first because the API answered 401")
                .doesNotContain("another caller's mint")
                .doesNotContain("Once in a token's life");
    }

    @Test
    void storyDoesNotHideOurOwnFailure() {
        DemoOutcome outcome =
                outcome(new DemoCounts(9, 0), new DemoCounts(9, 0), new DemoCounts(9, 2));

        String story = String.join("\n", DemoStory.of(plan("newest:3"), outcome));

        assertThat(story)
                .contains("2 failed calls, which must not be. The first: the API answered 401.");
    }

    private static DemoOutcome outcome(DemoCounts perCall, DemoCounts cached, DemoCounts ours) {
        DemoLatencies latencies = new DemoLatencies();
        for (int i = 0; i < 9; i++) {
            latencies.add(Duration.ofMillis(2));
        }
        latencies.add(Duration.ofMillis(650));
        return new DemoOutcome(
                "newest-only",
                List.of(
                        row(DemoWay.PER_CALL, perCall, 20_000, latencies),
                        row(DemoWay.CACHED, cached, 9, latencies),
                        row(DemoWay.EVERGRANT, ours, 3, latencies)));
    }

    private static DemoOutcome.Row row(
            DemoWay way, DemoCounts counts, long mints, DemoLatencies latencies) {
        String failure = counts.failed() == 0 ? "" : "the API answered 401";
        return new DemoOutcome.Row(way, counts, mints, latencies, failure);
    }

    private static DemoPlan plan(String retention) {
        return new DemoPlan(
                Retention.parse(retention),
                Duration.ofSeconds(12),
                64,
                3,
                Duration.ofSeconds(30),
                null);
    }
}
