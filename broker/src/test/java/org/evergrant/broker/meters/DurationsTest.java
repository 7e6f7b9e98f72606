package org.evergrant.broker.meters;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DurationsTest {

    @Test
    void bucketsCountWhatIsInThoseBeforeThemToo() {
        Durations durations = new Durations();

        durations.add(Duration.ofMillis(10));
        durations.add(Duration.ofMillis(11));
        durations.add(Duration.ofSeconds(10));
        durations.add(Duration.ofSeconds(11));

        assertThat(written(durations))
                .isEqualTo(
                        """
                        t_bucket{app="a",le="0.01"} 1.0
                        t_bucket{app="a",le="0.025"} 2.0
                        t_bucket{app="a",le="0.05"} 2.0
                        t_bucket{app="a",le="0.1"} 2.0
                        t_bucket{app="a",le="0.25"} 2.0
                        t_bucket{app="a",le="0.5"} 2.0
                        t_bucket{app="a",le="1.0"} 2.0
                        t_bucket{app="a",le="2.5"} 2.0
                        t_bucket{app="a",le="5.0"} 2.0
                        t_bucket{app="a",le="10.0"} 3.0
                        t_bucket{app="a",le="+Inf"} 4.0
                        t_count{app="a"} 4.0
                        t_sum{app="a"} 21.021
                        """);
    }

    @Test
    void twoThatShareTheirCountsDisturbNeitherEachOtherNorWhatIsBeforeThem() {
        Counts counts = new Counts();
        Durations one = new Durations(counts, 1);
        Durations other = new Durations(counts, 1 + Durations.PLACES);

        counts.add(0, 5);
        one.add(Duration.ofSeconds(11));
        other.add(Duration.ofMillis(1));
        other.add(0);

        assertThat(counts.get(0)).isEqualTo(5);
        assertThat(written(one)).contains("t_count{app=\"a\"} 1.0", "t_sum{app=\"a\"} 11.0");
        assertThat(written(other))
                .contains("t_bucket{app=\"a\",le=\"0.01\"} 2.0", "t_sum{app=\"a\"} 0.001");
    }

    private static String written(Durations durations) {
        StringBuilder text = new StringBuilder();
        durations.write(new Exposition(text::append, false), "t", "a");
        return text.toString();
    }
}
