package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.junit.jupiter.api.Test;

/** An ask without a token needs a reason. Times are in seconds. */
class AsksTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final long THEIRS = 1;
    private static final long ANOTHER = 2;

    @Test
    void askDuringSomethingThatWasDoneToItsNodeOrToTheStoreHasAReason() {
        Asks asks =
                asks(
                        new Mishap(Mishap.Kind.CUT, THEIRS, at(10), at(20)),
                        new Mishap(Mishap.Kind.RESTARTED, Mishap.EVERYBODY, at(40), at(50)));

        asks.add(List.of(ask(5, 11), ask(21, 22), ask(45, 46)), pid -> pid == THEIRS);

        assertThat(asks.faults()).isEmpty();
        assertThat(asks.reasons()).isEqualTo(Map.of("cut", 2L, "restarted", 1L));
    }

    @Test
    void askThatWaitedForTheClaimOfADeadNodeHasAReason() {
        Claim claim = new Claim("2-x", 0, at(0), at(7), false, false);
        Asks asks =
                new Asks(
                        List.of(
                                new History.Claimed(
                                        claim, AppRecord.EMPTY, History.End.RAN_OUT, null)),
                        List.of());

        asks.add(List.of(ask(1, 6), ask(10, 11)), pid -> pid == THEIRS);

        assertThat(asks.reasons()).isEqualTo(Map.of("claim of another node", 1L, "ours", 1L));
        assertThat(asks.faults()).hasSize(1);
    }

    @Test
    void askWhileSomethingIsDoneToAnotherNodeIsOurs() {
        Asks asks = asks(new Mishap(Mishap.Kind.CUT, ANOTHER, at(10), at(20)));

        asks.add(List.of(ask(11, 12)), pid -> pid == THEIRS);

        assertThat(asks.faults()).singleElement().asString().contains("no token for no reason");
    }

    private static Asks asks(Mishap... mishaps) {
        return new Asks(List.of(), List.of(mishaps));
    }

    private static CallLog.Tokenless ask(long from, long to) {
        return new CallLog.Tokenless("app", at(from), at(to), "a reason");
    }

    private static Instant at(long seconds) {
        return START.plus(Duration.ofSeconds(seconds));
    }
}
