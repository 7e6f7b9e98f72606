package org.evergrant.simulation.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Weeks of faults, the same in every build; any number more with simulation/simulate. */
class FleetTest {
    private static final long FIRST = 1001;
    private static final int SEEDS = 3;

    @TempDir Path folder;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void noSeedLosesACallThatWasOursToLose() throws Exception {
        List<Long> seeds =
                Stream.concat(
                                LongStream.range(FIRST, FIRST + SEEDS).boxed(),
                                KeptSeeds.all().stream())
                        .toList();
        Table table = new Table();
        long began = System.nanoTime();

        List<Outcome> outcomes = run(seeds);
        outcomes.forEach(table::add);
        Files.writeString(
                Path.of("target", "simulated.txt"), table.told(System.nanoTime() - began));

        outcomes.forEach(one -> assertThat(one.isWell()).as(Simulate.told(one)).isTrue());
        assertThat(table.failures(Cause.OURS)).isZero();
        assertThat(table.claims(Reason.WASTED)).isZero();
        assertThat(table.failures(Cause.RIVAL)).isPositive();
    }

    @Test
    void sameSeedGivesTheSameTraceAndAnotherSeedAnother() {
        Plan plan = SmallFleets.stormy(7);

        Outcome once = Fleet.run(plan);
        Outcome again = Fleet.run(plan);
        Outcome other = Fleet.run(SmallFleets.stormy(8));

        assertThat(again.lines()).isEqualTo(once.lines()).isPositive();
        assertThat(again.digest()).isEqualTo(once.digest());
        assertThat(other.digest()).isNotEqualTo(once.digest());
    }

    @Test
    void withoutFaultsEveryCallGoesWellThatIsMadeInTime() {
        Outcome calm = Fleet.run(SmallFleets.calm(7, "newest-only"));

        assertThat(calm.isWell()).as(Simulate.told(calm)).isTrue();
        assertThat(calm.tally().calls()).isPositive();
        assertThat(calm.tally().failures().keySet()).isSubsetOf(Cause.CALLER_LATE, Cause.TRAVELLED);
    }

    @Test
    void failingSeedIsKeptOnceInAFileThatIsReadBack() throws Exception {
        Path file = folder.resolve("seeds.txt");
        Files.writeString(file, "# a comment\n17  # why\n");
        Outcome outcome = Fleet.run(SmallFleets.calm(18, "keep-all"));

        KeptSeeds.keep(file, outcome);
        KeptSeeds.keep(file, outcome);

        assertThat(KeptSeeds.parse(Files.readString(file))).containsExactly(17L, 18L);
    }

    private static List<Outcome> run(List<Long> seeds) throws Exception {
        int threads = Math.min(4, Runtime.getRuntime().availableProcessors());
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Outcome>> running = new ArrayList<>();
            for (long seed : seeds) {
                running.add(pool.submit(() -> Fleet.run(Plan.of(seed))));
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> one : running) {
                outcomes.add(one.get());
            }
            return outcomes;
        }
    }
}
