package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoLatenciesTest {
    @Test
    void percentilesAreRightToThreePercent() {
        DemoLatencies latencies = new DemoLatencies();
        for (int i = 1; i <= 10_000; i++) {
            latencies.add(Duration.ofNanos(i * 10_000L));
        }

        assertThat(latencies.percentileMs(0.50)).isCloseTo(50, within(1.6));
        assertThat(latencies.percentileMs(0.99)).isCloseTo(99, within(3.1));
        assertThat(latencies.maxMs()).isEqualTo(100.0);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 31, 32, 33, 63, 64, 1000, 1_048_575, 1_048_576, 5_000_000})
    void oneCallIsEveryPercentile(long micros) {
        DemoLatencies latencies = new DemoLatencies();
        latencies.add(Duration.ofNanos(micros * 1000));

        assertThat(latencies.percentileMs(0.01)).isEqualTo(micros / 1000.0);
        assertThat(latencies.percentileMs(1)).isEqualTo(micros / 1000.0);
    }

    @Test
    void neverReportsLessThanTheShareHadToWait() {
        DemoLatencies latencies = new DemoLatencies();
        for (long micros = 0; micros < 200_000; micros += 7) {
            latencies.add(Duration.ofNanos(micros * 1000));
        }

        for (int percent = 1; percent <= 100; percent++) {
            double exact = 199.997 * percent / 100;
            assertThat(latencies.percentileMs(percent / 100.0))
                    .isBetween(exact - 0.01, exact * 1.04 + 0.01);
        }
    }

    @Test
    void nothingIsZero() {
        assertThat(new DemoLatencies().percentileMs(0.99)).isZero();
        assertThat(new DemoLatencies().maxMs()).isZero();
    }

    @Test
    void aCallLongerThanAnyBucketCountsInTheLast() {
        DemoLatencies latencies = new DemoLatencies();
        latencies.add(Duration.ofDays(30));

        assertThat(latencies.percentileMs(0.5)).isEqualTo(latencies.maxMs());
    }

    @Test
    void textCarriesEverything() {
        DemoLatencies latencies = new DemoLatencies();
        latencies.add(Duration.ofMillis(3));
        latencies.add(Duration.ofMillis(3));
        latencies.add(Duration.ofMillis(700));

        DemoLatencies read = DemoLatencies.ofText(latencies.toText());

        assertThat(read.toText()).isEqualTo(latencies.toText());
        assertThat(read.percentileMs(0.5)).isEqualTo(latencies.percentileMs(0.5));
        assertThat(read.maxMs()).isEqualTo(700.0);
    }

    @Test
    void addingUpKeepsCountsAndTheLongest() {
        DemoLatencies one = new DemoLatencies();
        one.add(Duration.ofMillis(1));
        DemoLatencies other = new DemoLatencies();
        other.add(Duration.ofMillis(9));

        one.addAll(other);

        assertThat(one.percentileMs(0.5)).isLessThan(1.04);
        assertThat(one.percentileMs(1)).isEqualTo(9.0);
        assertThat(one.maxMs()).isEqualTo(9.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "5 7", "5 99999:1", "5 -1:1", "5 1:x"})
    void refusesTextThatIsSomethingElse(String text) {
        assertThatThrownBy(() -> DemoLatencies.ofText(text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
