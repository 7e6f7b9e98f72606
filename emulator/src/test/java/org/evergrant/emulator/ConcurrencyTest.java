package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules hold whatever the order in which threads come. */
final class ConcurrencyTest {
    private static final int THREADS = 8;
    private static final int MINTS = 2000;

    @ParameterizedTest
    @CsvSource({"newest-only,1", "newest:5,5", "indexed:3,3", "keep-all,16000", "sticky:1s,1"})
    void asManyLiveAsTheRuleAllows(String retention, int live) throws Exception {
        Desk desk = new Desk(retention);

        List<String> tokens = mintFromManyThreads(desk);

        assertThat(desk.state().mints()).isEqualTo(THREADS * MINTS);
        assertThat(desk.state().liveTotal()).isEqualTo(live);
        Set<String> distinct = new HashSet<>(tokens);
        assertThat(distinct).hasSize((int) desk.state().distinctTokens());
        assertThat(distinct.stream().filter(token -> desk.verdict(token) == Verdict.LIVE))
                .hasSize(live);
        assertThat(desk.app.mintLog()).hasSize(Provider.LOGGED_MINTS);
    }

    private static List<String> mintFromManyThreads(Desk desk) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<List<String>>> results = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                results.add(
                        threads.submit(() -> {
                            List<String> own = new ArrayList<>();
                            for (int i = 0; i < MINTS; i++) {
                                own.add(desk.mint(i % 3));
                            }
                            return own;
                        }));
            }
            List<String> all = new ArrayList<>();
            for (Future<List<String>> result : results) {
                all.addAll(result.get(60, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }
}
