package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.testkit.SampleRecords.full;
import static org.evergrant.testkit.SampleRecords.numbered;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.evergrant.AppId;
import org.evergrant.EvergrantException;
import org.evergrant.StoreException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every {@link Store} must keep. A store's own test extends this class and says how a store is
 * opened, how each {@link StoreFailure} comes to it, how another process opens it, and in {@link
 * #broken} which further ways to fail it has.
 */
public abstract class StoreContract extends StoreFailures {
    private static final AppId ZOOM = AppId.of("zoom");
    private static final AppId WEBEX = AppId.of("webex");
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Within this a failing store has to say so. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final List<Store> opened = new ArrayList<>();

    /** For subclasses. */
    protected StoreContract() {}

    /** Opens a store that fails. */
    @FunctionalInterface
    public interface Broken {
        /** Returns a store on which every {@code read}, or at least every {@code cas}, fails. */
        Store open() throws Exception;
    }

    /**
     * Returns ways to fail that only this store has, by name. For each of them a {@code cas} has to
     * end in an {@link EvergrantException} in bounded time, and nothing else may come out of any
     * method.
     */
    protected Map<String, Broken> broken() {
        return Map.of();
    }

    @AfterEach
    final void closeAll() {
        opened.forEach(Store::close);
    }

    @Test
    final void anUnknownAppHasTheEmptyRecordAtVersionZero() throws Exception {
        Store store = opened();

        assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(0, AppRecord.EMPTY));
    }

    @Test
    final void theFirstWriteIsVersionOne() throws Exception {
        Store store = opened();

        assertThat(store.cas(ZOOM, 0, numbered(1))).isTrue();

        assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(1, numbered(1)));
    }

    @Test
    final void eachWriteAddsOneToTheVersion() throws Exception {
        Store store = opened();

        for (int version = 0; version < 20; version++) {
            assertThat(store.cas(ZOOM, version, numbered(version + 1))).isTrue();
            assertThat(store.read(ZOOM).version()).isEqualTo(version + 1);
        }
    }

    @Test
    final void aStaleWriteChangesNothing() throws Exception {
        Store store = opened();
        store.cas(ZOOM, 0, numbered(1));
        store.cas(ZOOM, 1, numbered(2));

        assertThat(store.cas(ZOOM, 0, numbered(9))).isFalse();
        assertThat(store.cas(ZOOM, 1, numbered(9))).isFalse();
        assertThat(store.cas(ZOOM, 3, numbered(9))).isFalse();

        assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(2, numbered(2)));
    }

    @Test
    final void aWriteToAVersionThatNeverWasChangesNothing() throws Exception {
        Store store = opened();

        assertThat(store.cas(ZOOM, 1, numbered(1))).isFalse();

        assertThat(store.read(ZOOM).version()).isZero();
    }

    @Test
    final void theSameRecordAgainIsAChangeToo() throws Exception {
        Store store = opened();
        store.cas(ZOOM, 0, numbered(1));

        assertThat(store.cas(ZOOM, 1, numbered(1))).isTrue();

        assertThat(store.read(ZOOM).version()).isEqualTo(2);
    }

    @Test
    final void anotherHandleSeesTheWriteAtOnce() throws Exception {
        Store one = opened();
        Store other = opened();

        one.cas(ZOOM, 0, numbered(1));

        assertThat(other.read(ZOOM)).isEqualTo(new Store.Versioned(1, numbered(1)));
        assertThat(other.cas(ZOOM, 0, numbered(2))).isFalse();
        assertThat(other.cas(ZOOM, 1, numbered(2))).isTrue();
        assertThat(one.read(ZOOM)).isEqualTo(new Store.Versioned(2, numbered(2)));
    }

    @Test
    final void appsDoNotTouchEachOther() throws Exception {
        Store store = opened();
        store.cas(ZOOM, 0, numbered(1));
        store.cas(ZOOM, 1, numbered(2));

        assertThat(store.cas(WEBEX, 0, numbered(7))).isTrue();

        assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(2, numbered(2)));
        assertThat(store.read(WEBEX)).isEqualTo(new Store.Versioned(1, numbered(7)));
    }

    @Test
    final void aFullRecordComesBackAsItWas() throws Exception {
        Store store = opened();

        store.cas(ZOOM, 0, full());

        assertThat(opened().read(ZOOM).record()).isEqualTo(full());
    }

    @Test
    final void recordsOutliveTheHandleThatWroteThem() throws Exception {
        Store stays = opened();
        Store goes = open();
        goes.cas(ZOOM, 0, full());
        goes.close();

        assertThat(stays.read(ZOOM)).isEqualTo(new Store.Versioned(1, full()));
    }

    @Test
    final void ofManyWritersExactlyOneWinsEachVersion() throws Exception {
        int writers = 8;
        int versions = 25;
        List<Store> stores = List.of(opened(), opened());
        CyclicBarrier together = new CyclicBarrier(writers);

        AtomicInteger[] winners = new AtomicInteger[versions];
        for (int i = 0; i < versions; i++) {
            winners[i] = new AtomicInteger();
        }
        onThreads(
                writers,
                writer -> {
                    Store store = stores.get(writer % stores.size());
                    for (int version = 0; version < versions; version++) {
                        together.await();
                        if (store.cas(ZOOM, version, numbered(writer))) {
                            winners[version].incrementAndGet();
                        }
                        together.await();
                    }
                    return null;
                });

        assertThat(winners).allSatisfy(count -> assertThat(count).hasValue(1));
        assertThat(stores.get(0).read(ZOOM).version()).isEqualTo(versions);
    }

    @Test
    final void noIncrementIsLost() throws Exception {
        int writers = 4;
        long each = 50;
        List<Store> stores = List.of(opened(), opened());

        onThreads(
                writers,
                writer -> {
                    Store store = stores.get(writer % stores.size());
                    for (int i = 0; i < each; i++) {
                        increment(store);
                    }
                    return null;
                });

        Store.Versioned end = stores.get(0).read(ZOOM);
        assertThat(end.version()).isEqualTo(writers * each);
        assertThat(end.record().generation()).isEqualTo(writers * each);
    }

    @Test
    final void aWatchIsCalledAfterAWriteThroughTheSameHandle() throws Exception {
        Store store = opened();
        AtomicInteger calls = new AtomicInteger();

        try (Store.Watch watch = store.watch(ZOOM, calls::incrementAndGet)) {
            store.cas(ZOOM, 0, numbered(1));

            Await.until("the watch was called", SOON, () -> calls.get() > 0);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    final void aWatchIsCalledAfterAWriteThroughAnotherHandle() throws Exception {
        Store one = opened();
        Store other = opened();
        AtomicInteger seen = new AtomicInteger();

        try (Store.Watch watch = one.watch(ZOOM, () -> seen.set((int) one.read(ZOOM).version()))) {
            for (int version = 0; version < 5; version++) {
                int next = version + 1;
                other.cas(ZOOM, version, numbered(next));

                Await.until("version " + next + " was seen", SOON, () -> seen.get() == next);
            }
            assertThat(watch).isNotNull();
        }
    }

    @Test
    final void whatAWatchBringsWasWrittenAndCanBeWrittenOver() throws Exception {
        Store one = opened();
        Store other = opened();
        Ear ear = new Ear();
        try (Store.Watch watch = one.watch(ZOOM, ear)) {
            List<Store.Versioned> written = new ArrayList<>();
            for (int version = 0; version < 5; version++) {
                int before = ear.calls();
                AppRecord record = numbered(version + 1);
                assertThat(other.cas(ZOOM, version, record)).isTrue();
                written.add(new Store.Versioned(version + 1, record));

                Await.until("the watch was called", SOON, () -> ear.calls() > before);
            }
            assertThat(ear.unreadable()).isEmpty();
            assertThat(written).containsAll(ear.news());

            // Whoever has it by the news has not read it.
            long last = ear.news().isEmpty() ? one.read(ZOOM).version() : 5;
            assertThat(one.cas(ZOOM, last, numbered(6))).isTrue();
            assertThat(watch).isNotNull();
        }
    }

    @Test
    final void everyWatchOfAnAppIsCalled() throws Exception {
        Store store = opened();
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();

        try (Store.Watch one = store.watch(ZOOM, first::incrementAndGet);
                Store.Watch other = store.watch(ZOOM, second::incrementAndGet)) {
            opened().cas(ZOOM, 0, numbered(1));

            Await.until("both were called", SOON, () -> first.get() > 0 && second.get() > 0);
            assertThat(one).isNotSameAs(other);
        }
    }

    @Test
    final void aListenerThatThrowsHarmsNobody() throws Exception {
        Store store = opened();
        AtomicInteger calls = new AtomicInteger();

        try (Store.Watch bad = store.watch(ZOOM, StoreContract::fail);
                Store.Watch good = store.watch(ZOOM, calls::incrementAndGet)) {
            assertThat(store.cas(ZOOM, 0, numbered(1))).isTrue();
            opened().cas(ZOOM, 1, numbered(2));

            Await.until("the other was called", SOON, () -> calls.get() > 1);
            assertThat(bad).isNotSameAs(good);
        }
    }

    @Test
    final void aClosedWatchIsSilent() throws Exception {
        Store store = opened();
        Store other = opened();
        AtomicInteger closedCalls = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        Store.Watch closed = store.watch(ZOOM, closedCalls::incrementAndGet);
        try (Store.Watch open =
                store.watch(ZOOM, () -> seen.set((int) store.read(ZOOM).version()))) {
            closed.close();
            closed.close();
            // A call that had begun before the close may still end; the next change comes after it.
            other.cas(ZOOM, 0, numbered(1));
            Await.until("the first change was seen", SOON, () -> seen.get() == 1);
            int before = closedCalls.get();

            other.cas(ZOOM, 1, numbered(2));

            Await.until("the second was seen", SOON, () -> seen.get() == 2);
            assertThat(closedCalls).hasValue(before);
            assertThat(open).isNotNull();
        }
    }

    @Test
    final void aWatchOutlivesTheEndOfAnotherHandle() throws Exception {
        Store stays = opened();
        Store goes = open();
        AtomicInteger calls = new AtomicInteger();
        goes.watch(ZOOM, () -> {});
        try (Store.Watch watch = stays.watch(ZOOM, calls::incrementAndGet)) {
            goes.close();

            opened().cas(ZOOM, 0, numbered(1));

            Await.until("the watch was called", SOON, () -> calls.get() > 0);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    final void aWatchAfterTheLastOneWasClosedIsCalledToo() throws Exception {
        Store store = opened();
        Store other = opened();
        for (int round = 0; round < 5; round++) {
            AtomicInteger calls = new AtomicInteger();
            try (Store.Watch watch = store.watch(ZOOM, calls::incrementAndGet)) {
                other.cas(ZOOM, round, numbered(round));

                Await.until("the watch was called", SOON, () -> calls.get() > 0);
                assertThat(watch).isNotNull();
            }
        }
    }

    @Test
    final void moreAppsTakeNoMoreThreads() throws Exception {
        Store store = opened();
        AtomicInteger calls = new AtomicInteger();
        List<Store.Watch> watches = new ArrayList<>();
        for (int app = 0; app < 8; app++) {
            watches.add(heard(store, AppId.of("early" + app), calls));
        }
        int threads = Thread.activeCount();

        for (int app = 0; app < 100; app++) {
            watches.add(heard(store, AppId.of("later" + app), calls));
        }

        // A pool may have made one or the other of its few only now.
        assertThat(Thread.activeCount() - threads).isLessThan(10);
        watches.forEach(Store.Watch::close);
    }

    /** Watches an app and writes it, so that whatever the store needs for that is there. */
    private static Store.Watch heard(Store store, AppId app, AtomicInteger calls) {
        int before = calls.get();
        Store.Watch watch = store.watch(app, calls::incrementAndGet);
        store.cas(app, 0, numbered(1));
        Await.until("the watch of " + app + " was called", SOON, () -> calls.get() > before);
        return watch;
    }

    @Test
    final void aClosedStoreRefusesEverythingAndStaysClosed() throws Exception {
        Store store = open();
        store.watch(ZOOM, () -> {});
        store.close();
        store.close();

        assertThatThrownBy(() -> store.read(ZOOM)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.cas(ZOOM, 0, numbered(1)))
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.watch(ZOOM, () -> {})).isInstanceOf(StoreException.class);
    }

    @Test
    final void theClockMoves() throws Exception {
        Store store = opened();
        Instant begin = store.now();

        Await.until("the clock moved", SOON, () -> store.now().isAfter(begin));
    }

    @TestFactory
    final Stream<DynamicTest> failuresAreClearAndBounded() {
        return broken().entrySet().stream()
                .map(way ->
                        DynamicTest.dynamicTest(way.getKey(), () -> failsClearly(way.getValue())));
    }

    private void failsClearly(Broken way) throws Exception {
        long begin = System.nanoTime();
        Store store;
        try {
            store = way.open();
        } catch (EvergrantException refused) {
            assertSaysWhat(refused, begin);
            return;
        }
        opened.add(store);
        try {
            store.read(ZOOM);
        } catch (EvergrantException refused) {
            assertSaysWhat(refused, begin);
        }
        assertThatThrownBy(() -> store.cas(ZOOM, store.read(ZOOM).version(), full()))
                .isInstanceOfSatisfying(
                        EvergrantException.class, refused -> assertSaysWhat(refused, begin));
    }

    private static void assertSaysWhat(EvergrantException refused, long begin) {
        assertThat(refused.getMessage()).isNotBlank().doesNotContain(NothingLeft.CANARY);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
    }

    private Store opened() throws Exception {
        Store store = open();
        opened.add(store);
        return store;
    }

    private static void increment(Store store) {
        boolean done = false;
        while (!done) {
            Store.Versioned now = store.read(ZOOM);
            done = store.cas(ZOOM, now.version(), numbered(now.record().generation() + 1));
        }
    }

    private interface Job {
        @Nullable Object run(int number) throws Exception;
    }

    private static void onThreads(int count, Job job) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(count);
        try {
            List<Callable<@Nullable Object>> jobs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                jobs.add(() -> job.run(number));
            }
            for (Future<@Nullable Object> done : pool.invokeAll(jobs)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void fail() {
        throw new IllegalStateException("a listener that throws");
    }
}
