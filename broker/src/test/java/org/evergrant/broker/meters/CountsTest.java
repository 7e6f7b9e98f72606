package org.evergrant.broker.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CountsTest {
    private static final int PLACES = 64;
    private static final int THREADS = 4;

    /** Each with counters that are new. */
    private static final int ROUNDS = 5000;

    @Test
    void everyPlaceCountsForItselfInWhateverOrderTheyBegin() {
        for (int seed = 0; seed < 100; seed++) {
            Counts counts = new Counts();
            for (int place : places(new Random(seed))) {
                counts.add(place, 100 + place);
                counts.increment(place);
            }

            assertThat(IntStream.range(0, PLACES).mapToLong(counts::get))
                    .containsExactlyElementsOf(
                            IntStream.range(0, PLACES).mapToObj(place -> 101L + place).toList());
        }
    }

    @Test
    void placeThatHasNotCountedIsZero() {
        Counts counts = new Counts();

        counts.increment(7);

        assertThat(IntStream.range(0, PLACES).mapToLong(counts::get).sum()).isEqualTo(1);
        assertThat(counts.get(7)).isEqualTo(1);
    }

    @Test
    void nothingAddedIsNoCount() {
        Counts counts = new Counts();

        counts.add(3, 0);
        counts.add(2, Long.MAX_VALUE);

        assertThat(counts.get(3)).isZero();
        assertThat(counts.get(2)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, PLACES, Integer.MAX_VALUE})
    void placeThatIsNoneIsRefused(int place) {
        Counts counts = new Counts();

        assertThatThrownBy(() -> counts.increment(place))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> counts.get(place)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** All threads count at place 0, while each begins all the others in an order of its own. */
    @Test
    void noCountIsLostWhilePlacesAreAdded() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            CyclicBarrier together = new CyclicBarrier(THREADS);
            for (int round = 0; round < ROUNDS; round++) {
                Counts counts = new Counts();
                List<Future<?>> done = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    List<Integer> places = places(new Random(round * THREADS + i));
                    done.add(
                            threads.submit(() -> {
                                together.await();
                                for (int place : places) {
                                    counts.increment(place);
                                    counts.add(0, 10);
                                }
                                return null;
                            }));
                }
                for (Future<?> one : done) {
                    one.get();
                }

                assertThat(IntStream.range(1, PLACES).mapToLong(counts::get))
                        .containsOnly((long) THREADS);
                assertThat(counts.get(0)).isEqualTo(THREADS + 10 * THREADS * PLACES);
            }
        }
    }

    private static List<Integer> places(Random random) {
        List<Integer> places = new ArrayList<>(IntStream.range(0, PLACES).boxed().toList());
        Collections.shuffle(places, random);
        return places;
    }
}
