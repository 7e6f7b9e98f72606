package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What people told in Zoom's forum: two workers, each of which does as it was advised and fetches a
 * token for every call.
 */
final class ForumStoryTest {
    private static final int ROUNDS = 20;

    @RegisterExtension static final EmulatorExtension PROVIDER = EmulatorExtension.create();

    private final Emulator emulator;
    private final Caller caller;

    ForumStoryTest(Emulator emulator) {
        this.emulator = emulator;
        this.caller = new Caller(emulator);
    }

    @Test
    void underNewestOnlyTheWorkersKillEachOthersTokens() throws Exception {
        emulator.setRetention(Retention.newestOnly());

        assertThat(failures("", "")).isEqualTo(ROUNDS);
        assertThat(emulator.state().api401By()).containsOnlyKeys("displaced");
    }

    @Test
    void withAnIndexOfItsOwnNeitherFails() throws Exception {
        emulator.setRetention(Retention.indexed(2));

        assertThat(failures("", "&token_index=1")).isZero();
        assertThat(emulator.state().mints()).isEqualTo(2 * ROUNDS);
    }

    /** The working name is token_index; the forum's {@code index} fell into slot 0. */
    @Test
    void underTheWrongNameTheIndexIsIgnored() throws Exception {
        emulator.setRetention(Retention.indexed(2));

        assertThat(failures("&index=0", "&index=1")).isEqualTo(ROUNDS);
    }

    @Test
    void indexBeyondTheToleranceIsRefused() throws Exception {
        emulator.setRetention(Retention.indexed(2));
        String token = caller.token("&token_index=1");

        assertThat(caller.mint("&token_index=2").statusCode()).isEqualTo(400);
        assertThat(caller.accepts(token)).isTrue();
    }

    @Test
    void underKeepAllNeitherFailsAndTheIndexIsIgnored() throws Exception {
        emulator.setRetention(Retention.keepAll());

        assertThat(failures("", "&token_index=9")).isZero();
        assertThat(emulator.state().apps().get(0).liveTotal()).isEqualTo(2 * ROUNDS);
    }

    /** In every round both fetch, then both call. Returns how many calls failed. */
    private int failures(String first, String second) throws Exception {
        CyclicBarrier bothFetched = new CyclicBarrier(2);
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (String index : List.of(first, second)) {
                results.add(workers.submit(worker(index, bothFetched)));
            }
            int failures = 0;
            for (Future<Integer> result : results) {
                failures += result.get(60, TimeUnit.SECONDS);
            }
            return failures;
        } finally {
            workers.shutdownNow();
        }
    }

    private Callable<Integer> worker(String index, CyclicBarrier bothFetched) {
        return () -> {
            int failed = 0;
            for (int i = 0; i < ROUNDS; i++) {
                String token = caller.token(index);
                bothFetched.await(30, TimeUnit.SECONDS);
                failed += caller.accepts(token) ? 0 : 1;
                bothFetched.await(30, TimeUnit.SECONDS);
            }
            return failed;
        };
    }
}
