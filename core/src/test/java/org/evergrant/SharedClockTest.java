package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.evergrant.spi.TimeSource;
import org.junit.jupiter.api.Test;

/** The store's clock through the eyes of a node whose own clock may be slow, or stand still. */
class SharedClockTest {
    private static final Instant ZERO = Instant.parse("2026-01-01T00:00:00Z");

    private final Ticks ticks = new Ticks();

    /** How long each coming reading of the store's clock takes; the last one for ever. */
    private final Deque<Duration> delays = new ArrayDeque<>(List.of(Duration.ZERO));

    private final MemoryStore store = MemoryStore.create(this::answer);
    private int readings;
    private final SharedClock clock = new SharedClock(store, ticks);

    @Test
    void readingIsCarriedOnALittleFast() {
        assertThat(clock.isKnown()).isFalse();
        assertThat(clock.now()).isEqualTo(ZERO);

        ticks.pass(Duration.ofSeconds(2_000));

        assertThat(clock.isKnown()).isTrue();
        assertThat(clock.now()).isEqualTo(ZERO.plusSeconds(2_001));
        assertThat(clock.surely()).isEqualTo(ZERO.plusSeconds(1_999));
        assertThat(clock.atLatest()).isEqualTo(ZERO.plusSeconds(2_001));
        assertThat(SharedClock.counted(Duration.ofSeconds(2_000)))
                .isEqualTo(Duration.ofSeconds(1_999).toNanos());
    }

    @Test
    void readingOfAMomentAgoWillDo() {
        clock.readAgain();
        assertThat(readings).isEqualTo(1);

        ticks.pass(Duration.ofMillis(100));
        clock.readAgain();
        assertThat(readings).isEqualTo(1);

        ticks.pass(Duration.ofMillis(1));
        clock.readAgain();
        assertThat(readings).isEqualTo(2);
    }

    @Test
    void readingThatTookLongIsThrownAway() {
        delays.addFirst(Duration.ofMinutes(1));

        Instant now = clock.now();

        assertThat(now).isEqualTo(ZERO.plusSeconds(60));
    }

    @Test
    void readingIsOffByHalfOfWhatItTookAtMost() {
        delays.addFirst(Duration.ofMillis(300));

        assertThat(clock.now()).isBetween(ZERO.plusMillis(150), ZERO.plusMillis(151));
        assertThat(clock.surely()).isBetween(ZERO.minusMillis(1), ZERO);
        assertThat(clock.atLatest()).isBetween(ZERO.plusMillis(300), ZERO.plusMillis(301));
    }

    @Test
    void storeThatAlwaysTakesLongIsAsGoodAsAway() {
        delays.addFirst(Duration.ofSeconds(1));
        delays.addFirst(Duration.ofSeconds(1));
        delays.addFirst(Duration.ofSeconds(1));

        assertThatThrownBy(clock::now)
                .isInstanceOf(StoreException.class)
                .hasMessage("the store takes longer than 400ms to say what time it is");
        assertThat(clock.surely()).isEqualTo(ZERO.plusSeconds(3));
    }

    /** The store looks at its clock, and then its answer takes so long. */
    private Instant answer() {
        readings++;
        Instant now = ZERO.plusNanos(ticks.nanos());
        ticks.pass(delays.size() > 1 ? delays.removeFirst() : delays.getFirst());
        return now;
    }

    /** A clock that ticks when told to. */
    private static final class Ticks implements TimeSource {
        private long nanos;

        void pass(Duration span) {
            nanos += span.toNanos();
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("nothing here waits");
        }

        @Override
        public void close() {}
    }
}
