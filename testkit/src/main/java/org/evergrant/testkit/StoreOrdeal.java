package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.testkit.SampleRecords.numbered;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.AppId;
import org.evergrant.EvergrantException;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;

/**
 * A store that is kept busy while it breaks and heals.
 *
 * <ol>
 *   <li>Threads on two handles count up one record: each write says its own version.
 *   <li>The store is broken under them until each of them has failed a few times, and healed.
 *   <li>Each of them has to succeed again, on the handle that it had, and a watch has to hear of
 *       it.
 *   <li>Every call has ended in yes, in no, or in the failure's one exception, in bounded time.
 *       What was answered yes is there; what was answered no is not; what failed is there once or
 *       not.
 * </ol>
 */
final class StoreOrdeal {
    private static final AppId APP = AppId.of("ordeal");
    private static final int HANDLES = 2;
    private static final int THREADS_A_HANDLE = 2;
    private static final int FAILURES_EACH = 2;
    private static final int SUCCESSES_EACH = 2;

    /** After a failure, so that one that is told at once does not keep a core busy. */
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final StoreFailure failure;
    private final StoreLane.Opener opener;
    private final StoreLane.Step breaks;
    private final StoreLane.Step heals;
    private final Duration patience;
    private final List<Store> handles = new ArrayList<>();
    private final List<Counting> threads = new ArrayList<>();
    private long versionBefore;
    private volatile boolean over;

    /**
     * Makes one that has not begun.
     *
     * @param patience within this every call has to end, and a store that was healed to work again
     */
    StoreOrdeal(
            StoreFailure failure,
            StoreLane.Opener opener,
            StoreLane.Step breaks,
            StoreLane.Step heals,
            Duration patience) {
        this.failure = failure;
        this.opener = opener;
        this.breaks = breaks;
        this.heals = heals;
        this.patience = patience;
    }

    void run() throws Exception {
        try {
            begin();
            AtomicLong heard = new AtomicLong();
            Store hearing = handles.get(0);
            try (Store.Watch watch =
                    hearing.watch(APP, () -> heard.set(hearing.read(APP).version()))) {
                assertThat(watch).isNotNull();
                breakAndHeal();
                endCounting();
                judge();
                long version = hearing.read(APP).version();
                assertThat(handles.get(1).cas(APP, version, numbered(version + 1))).isTrue();
                Await.until(
                        "a watch from before heard of a write from after",
                        patience,
                        () -> heard.get() == version + 1);
            }
        } finally {
            over = true;
            handles.forEach(Store::close);
        }
    }

    private void begin() throws Exception {
        for (int i = 0; i < HANDLES; i++) {
            Store handle = opener.open();
            handles.add(handle);
            for (int j = 0; j < THREADS_A_HANDLE; j++) {
                threads.add(new Counting(handle));
            }
        }
        versionBefore = handles.get(0).read(APP).version();
        threads.forEach(Counting::start);
        awaitEach("write", patience, SUCCESSES_EACH, 0);
    }

    private void breakAndHeal() throws Exception {
        try {
            breaks.run();
            awaitEach("fail", patience.multipliedBy(FAILURES_EACH + 1), 0, FAILURES_EACH);
        } finally {
            heals.run();
        }
        threads.forEach(Counting::countAnew);
        awaitEach("write again, on the handle it had", patience, SUCCESSES_EACH, 0);
    }

    private void awaitEach(String what, Duration atMost, int successes, int failures) {
        for (Counting thread : threads) {
            boolean holds =
                    Await.holds(
                            atMost,
                            () ->
                                    thread.wrong != null
                                            || (thread.successes.get() >= successes
                                                    && thread.failures.get() >= failures));
            assertThat(thread.wrong).as("what came out of a call").isNull();
            assertThat(holds)
                    .as(
                            "within %s each thread could %s; the last failure: %s",
                            atMost, what, thread.last)
                    .isTrue();
        }
    }

    private void endCounting() throws InterruptedException {
        over = true;
        for (Counting thread : threads) {
            thread.join(patience.toMillis());
            assertThat(thread.isAlive()).as("a call hangs").isFalse();
        }
    }

    private void judge() throws Exception {
        Store.Versioned end = handles.get(0).read(APP);
        assertThat(end.record())
                .as("each write said its own version")
                .isEqualTo(numbered(end.version()));
        assertThat(handles.get(1).read(APP)).as("what the other handle reads").isEqualTo(end);
        try (Store another = opener.open()) {
            assertThat(another.read(APP)).as("what a new handle reads").isEqualTo(end);
        }
        long acknowledged = 0;
        long unknown = 0;
        for (Counting thread : threads) {
            assertThat(thread.wrong).as("what came out of a call").isNull();
            assertThat(thread.longest).as("the longest call").isLessThan(patience);
            acknowledged += thread.acknowledged.get();
            unknown += thread.unknown.get();
        }
        assertThat(end.version() - versionBefore)
                .as("writes, of which %s were acknowledged and %s failed", acknowledged, unknown)
                .isBetween(acknowledged, acknowledged + unknown);
    }

    /** One thread that counts, and what came out of its calls. */
    private final class Counting extends Thread {
        private final Store store;
        private final AtomicLong successes = new AtomicLong();
        private final AtomicLong failures = new AtomicLong();
        private volatile @Nullable EvergrantException last;
        private volatile @Nullable Throwable wrong;
        private volatile Duration longest = Duration.ZERO;
        private final AtomicLong acknowledged = new AtomicLong();
        private final AtomicLong unknown = new AtomicLong();

        private Counting(Store store) {
            super("ordeal-" + threads.size());
            this.store = store;
            setDaemon(true);
        }

        @Override
        public void run() {
            while (!over && wrong == null) {
                long begin = System.nanoTime();
                long written = 0;
                try {
                    Store.Versioned now = store.read(APP);
                    written = now.version() + 1;
                    if (store.cas(APP, now.version(), numbered(written))) {
                        acknowledged.incrementAndGet();
                        successes.incrementAndGet();
                    }
                } catch (EvergrantException refused) {
                    unknown.addAndGet(written == 0 ? 0 : 1);
                    last = refused;
                    wrong = isClear(refused) ? null : refused;
                    failures.incrementAndGet();
                    LockSupport.parkNanos(PAUSE_NANOS);
                } catch (RuntimeException | Error anything) {
                    wrong = anything;
                }
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                longest = took.compareTo(longest) > 0 ? took : longest;
            }
        }

        private boolean isClear(EvergrantException refused) {
            String message = String.valueOf(refused.getMessage());
            return refused.getClass().equals(failure.type())
                    && !message.isBlank()
                    && !message.contains(NothingLeft.CANARY);
        }

        private void countAnew() {
            successes.set(0);
            failures.set(0);
        }
    }
}
