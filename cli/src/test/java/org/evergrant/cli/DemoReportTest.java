package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoReportTest {
    private final DemoReport report = new DemoReport();

    @Test
    void laterCountsReplaceEarlierOnes() {
        report.take(DemoReport.counts(DemoWay.CACHED, new DemoCounts(5, 1)));
        report.take(DemoReport.counts(DemoWay.CACHED, new DemoCounts(9, 2)));

        assertThat(report.counts(DemoWay.CACHED)).isEqualTo(new DemoCounts(9, 2));
        assertThat(report.counts(DemoWay.PER_CALL)).isEqualTo(DemoCounts.NONE);
    }

    @Test
    void latenciesAndFailuresBelongToTheirWay() {
        DemoLatencies latencies = new DemoLatencies();
        latencies.add(Duration.ofMillis(12));

        report.take(DemoReport.latencies(DemoWay.PER_CALL, latencies));
        report.take(DemoReport.failure(DemoWay.PER_CALL, "the API answered\n401"));

        assertThat(report.latencies(DemoWay.PER_CALL).maxMs()).isEqualTo(12.0);
        assertThat(report.failure(DemoWay.PER_CALL)).isEqualTo("the API answered 401");
        assertThat(report.latencies(DemoWay.EVERGRANT).maxMs()).isZero();
        assertThat(report.failure(DemoWay.EVERGRANT)).isEmpty();
    }

    @Test
    void readyAndDoneAreSeen() {
        assertThat(report.isReady()).isFalse();
        report.take(DemoReport.READY);
        assertThat(report.isReady()).isTrue();

        assertThat(report.isDone()).isFalse();
        report.take(DemoReport.DONE);
        assertThat(report.isDone()).isTrue();
    }

    @Test
    void whatTheJvmItselfSaysIsIgnored() {
        report.take("OpenJDK 64-Bit Server VM warning: sharing is off");
        report.take("");

        assertThat(report.isReady()).isFalse();
        assertThat(report.isDone()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "counts",
                "counts cached",
                "counts cached 1",
                "counts cached 1 2 3",
                "counts cached a b",
                "counts by-hand 1 2",
                "latencies cached x",
                "failure cached"
            })
    void brokenReportIsRefused(String line) {
        assertThatThrownBy(() -> report.take(line)).isInstanceOf(IllegalArgumentException.class);
    }
}
