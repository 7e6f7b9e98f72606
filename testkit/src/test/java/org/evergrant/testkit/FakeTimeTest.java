package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.spi.TimeSource;
import org.junit.jupiter.api.Test;

class FakeTimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeTime time = FakeTime.create();
    private final List<String> ran = new ArrayList<>();

    @Test
    void timersRunInTheOrderOfTheirMoments() {
        time.after(Duration.ofSeconds(2), () -> ran.add("late"));
        time.after(SECOND, () -> ran.add("early"));
        time.after(SECOND, () -> ran.add("early, set later"));

        time.advance(Duration.ofSeconds(2));

        assertThat(ran).containsExactly("early", "early, set later", "late");
    }

    @Test
    void aTimerSeesTheMomentItWasSetFor() {
        Instant begin = time.instant();
        time.after(SECOND, () -> ran.add(Duration.between(begin, time.instant()).toString()));

        time.advance(Duration.ofSeconds(10));

        assertThat(ran).containsExactly("PT1S");
        assertThat(Duration.between(begin, time.instant())).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aTimerSetByATimerRunsInTheSameAdvance() {
        time.after(SECOND, () -> time.after(SECOND, () -> ran.add("second")));

        time.advance(Duration.ofSeconds(2));

        assertThat(ran).containsExactly("second");
    }

    @Test
    void aTimerRunsNotAMomentTooEarly() {
        time.after(SECOND, () -> ran.add("ran"));

        time.advance(SECOND.minusNanos(1));

        assertThat(ran).isEmpty();
        assertThat(time.untilNextTimer()).contains(Duration.ofNanos(1));
    }

    @Test
    void aCancelledTimerDoesNotRun() {
        TimeSource.Timer timer = time.after(SECOND, () -> ran.add("ran"));

        timer.cancel();
        time.advance(SECOND);

        assertThat(ran).isEmpty();
        assertThat(time.timers()).isZero();
    }

    @Test
    void aJumpMovesTheTimeOfDayAlone() {
        Instant begin = time.instant();
        long nanos = time.nanos();
        time.after(SECOND, () -> ran.add("ran"));

        time.jump(Duration.ofDays(-1));

        assertThat(time.instant()).isEqualTo(begin.minus(Duration.ofDays(1)));
        assertThat(time.nanos()).isEqualTo(nanos);
        assertThat(ran).isEmpty();
    }

    @Test
    void aFastClockGainsAndItsTimersComeEarlier() {
        FakeTime fast = time.another(2);
        fast.after(SECOND, () -> ran.add("fast"));
        time.after(SECOND, () -> ran.add("true"));

        time.advance(Duration.ofMillis(500));

        assertThat(ran).containsExactly("fast");
        assertThat(fast.nanos()).isEqualTo(SECOND.toNanos());
        assertThat(Duration.between(time.instant(), fast.instant()))
                .isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aChangedRateMovesTheTimersThatWait() {
        FakeTime slow = time.another(1);
        slow.after(SECOND, () -> ran.add("slow"));
        slow.rate(0.5);

        time.advance(Duration.ofMillis(1999));
        assertThat(ran).isEmpty();
        time.advance(Duration.ofMillis(1));

        assertThat(ran).containsExactly("slow");
    }

    @Test
    void aClosedClockDropsItsOwnTimersOnly() {
        FakeTime other = time.another(1);
        other.after(SECOND, () -> ran.add("other"));
        time.after(SECOND, () -> ran.add("this"));

        other.close();
        other.after(SECOND, () -> ran.add("too late"));
        time.advance(SECOND);

        assertThat(ran).containsExactly("this");
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatThrownBy(() -> time.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theNextTimerIsReachedExactly() {
        time.after(Duration.ofHours(1), () -> ran.add("ran"));

        assertThat(time.advanceToNextTimer()).isTrue();

        assertThat(ran).containsExactly("ran");
        assertThat(time.nanos()).isEqualTo(Duration.ofHours(1).toNanos());
        assertThat(time.advanceToNextTimer()).isFalse();
    }
}
