package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.evergrant.spi.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The part of the {@link StoreContract} that goes wrong. */
@ExtendWith(NothingLeft.class)
@Timeout(120)
abstract class StoreFailures {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** A process that begins finds its store first, which takes sentinels some seconds. */
    private static final Duration BEGINNING = Duration.ofSeconds(60);

    private static final int EACH = 100;

    StoreFailures() {}

    /**
     * Opens a store. Within one test, all calls give handles on the same records, as different
     * nodes would have them; each test begins without any record. The contract closes them all.
     */
    protected abstract Store open() throws Exception;

    /**
     * Returns the ways in which the failure comes to this store: one or more, or {@link
     * StoreLane#none} with the reason.
     */
    protected abstract List<StoreLane> lanes(StoreFailure failure) throws Exception;

    /** Returns how another process opens the store that {@link #open} opens. */
    protected abstract StoreProcess otherProcess();

    @Test
    final void connectionsThatAreCutInMidCallLoseNothingAndComeBack() throws Exception {
        suffer(StoreFailure.CUT);
    }

    @Test
    final void aFullStoreSaysSoAndLosesNothing() throws Exception {
        suffer(StoreFailure.FULL);
    }

    @Test
    final void aReadOnlyStoreSaysSoAndLosesNothing() throws Exception {
        suffer(StoreFailure.READ_ONLY);
    }

    @Test
    final void aStoreThatAnswersLateIsGivenUpInTime() throws Exception {
        suffer(StoreFailure.LATE);
    }

    @Test
    final void aRecordOfANewerFormatIsNamedAndLeftAlone() throws Exception {
        suffer(StoreFailure.NEWER_RECORD);
    }

    @Test
    final void aNewerSchemaIsNamedAndLeftAlone() throws Exception {
        suffer(StoreFailure.NEWER_SCHEMA);
    }

    private void suffer(StoreFailure failure) throws Exception {
        List<StoreLane> lanes = lanes(failure);
        assertThat(lanes).as("ways in which %s comes to this store", failure).isNotEmpty();
        for (StoreLane lane : lanes) {
            try {
                lane.suffer(failure);
            } catch (Exception | AssertionError fault) {
                throw new AssertionError(failure + ", " + lane.name() + ": " + fault, fault);
            }
        }
    }

    @Test
    final void twoProcessesLoseNoIncrement() throws Exception {
        if (isAlone()) {
            return;
        }
        try (Store store = open();
                StoreProcess.Running one = otherProcess().start(EACH);
                StoreProcess.Running two = otherProcess().start(EACH)) {
            for (int i = 0; i < EACH; i++) {
                StoreProcess.count(store);
            }

            assertThat(one.end()).as(one.said()).isZero();
            assertThat(two.end()).as(two.said()).isZero();
            Store.Versioned end = store.read(StoreProcess.APP);
            assertThat(end.version()).isEqualTo(3 * EACH);
            assertThat(end.record().generation()).isEqualTo(3 * EACH);
        }
    }

    @Test
    final void whatAnotherProcessAcknowledgedOutlivesItsKill() throws Exception {
        if (isAlone()) {
            return;
        }
        try (Store store = open();
                StoreProcess.Running other = otherProcess().start(Integer.MAX_VALUE)) {
            Await.until(
                    "it has counted for a while",
                    BEGINNING,
                    () -> {
                        assertThat(other.ended()).as(other.said()).isFalse();
                        return other.last() >= EACH;
                    });
            other.kill();

            long acknowledged = other.last();
            assertThat(store.read(StoreProcess.APP).version())
                    .isBetween(acknowledged, acknowledged + 1);
            long begin = System.nanoTime();
            assertThat(StoreProcess.count(store)).isGreaterThan(acknowledged);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
        }
    }

    @Test
    final void aWatchHearsOfTheWritesOfAnotherProcess() throws Exception {
        if (isAlone()) {
            return;
        }
        try (Store store = open()) {
            AtomicLong seen = new AtomicLong();
            try (Store.Watch watch =
                            store.watch(
                                    StoreProcess.APP,
                                    () -> seen.set(store.read(StoreProcess.APP).version()));
                    StoreProcess.Running other = otherProcess().start(EACH)) {
                assertThat(watch).isNotNull();
                assertThat(other.end()).as(other.said()).isZero();

                Await.until("the last write was seen", SOON, () -> seen.get() == EACH);
            }
        }
    }

    /** Where no other process can open the store its reason is what is left to check. */
    private boolean isAlone() throws Exception {
        String reason = otherProcess().reason();
        if (reason.isEmpty()) {
            return false;
        }
        StoreLane.none(reason).suffer(StoreFailure.CUT);
        return true;
    }
}
