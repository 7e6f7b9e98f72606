package org.evergrant.simulation.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every state within the bounds, with the functions that run in production. */
class ExplorerTest {
    private static final Duration SHORT = Duration.ofSeconds(10);

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void noInvariantIsBrokenWithThreeNodesACrashALostAnswerAndARival() throws Exception {
        List<Bounds> all =
                Explore.RETENTIONS.stream()
                        .map(rules -> living(Bounds.of(3, rules).with(Explore.FAULTS)))
                        .toList();

        assertHold(all, "three-nodes");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void noInvariantIsBrokenByStallsRefusalsAndAStoreThatIsNotHeard() throws Exception {
        Bounds newestOnly = Bounds.of(2, Retention.NEWEST_ONLY);
        Bounds grace = Bounds.of(2, Retention.parse("grace:4s"));
        List<Bounds> all =
                List.of(
                        newestOnly.living(SHORT).with(Fault.STALL, 1).with(Fault.LOST, 1),
                        newestOnly.with(Fault.STALL, 1),
                        newestOnly.with(Fault.STORE_AWAY, 1).with(Fault.REFUSAL, 1),
                        newestOnly.with(Fault.UNHEARD, 2).with(Fault.LOST, 1),
                        newestOnly.with(Fault.WRONG_401, 1).with(Fault.PICKY_ASK, 1),
                        grace.with(Fault.UNHEARD, 1),
                        grace.with(Fault.WRONG_401, 1).with(Fault.PICKY_ASK, 1));

        assertHold(all, "two-nodes");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void noInvariantIsBrokenWhereTheMintBudgetIsUsedUp() throws Exception {
        Bounds bounds =
                Bounds.of(2, Retention.NEWEST_ONLY)
                        .with(MintBudget.parse("2/10s"))
                        .with(Fault.LOST, 1)
                        .with(Fault.CRASH, 1)
                        .with(Fault.RIVAL, 1);

        assertHold(List.of(bounds), "budget");
    }

    @Test
    void tokenIsHadAgainAlsoBesideARivalThatGoesOnMinting() {
        for (String rules : List.of("newest-only", "grace:4s")) {
            Bounds bounds =
                    Bounds.of(2, Retention.parse(rules))
                            .living(SHORT)
                            .with(Fault.LOST, 1)
                            .with(Fault.CRASH, 1)
                            .with(Fault.RIVAL, 1);

            Explorer.Found found =
                    Explorer.of(bounds, Protocol.PRODUCTION).besideARival(14).explore();

            assertThat(found.breach()).as(rules).isNull();
            assertThat(found.recovery()).isPositive();
        }
    }

    @Test
    void sameStateIsFoundHoweverTheNodesAreNamed() {
        Bounds two = Bounds.of(2, Retention.NEWEST_ONLY);
        Bounds three = Bounds.of(3, Retention.NEWEST_ONLY);

        int states = Explorer.of(two, Protocol.PRODUCTION).explore().states();

        assertThat(Explorer.of(three, Protocol.PRODUCTION).explore().states()).isEqualTo(states);
    }

    /** Where several tokens live at a time, long lives are for {@code simulation/explore}. */
    private static Bounds living(Bounds bounds) {
        boolean isOne = bounds.retention().indexes() == 1 && bounds.retention().window() == 1;
        return isOne && !bounds.retention().isSticky() ? bounds : bounds.living(SHORT);
    }

    /** What was explored is also kept in target/, for the page about guarantees. */
    private static void assertHold(List<Bounds> all, String name) throws Exception {
        StringWriter told = new StringWriter();
        boolean isWell = Explore.explore(all, Protocol.PRODUCTION, new PrintWriter(told));
        Files.writeString(Path.of("target", "explored-" + name + ".txt"), told.toString());

        assertThat(isWell).as(told.toString()).isTrue();
    }
}
