package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.evergrant.AppId;
import org.evergrant.MemoryStore;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.junit.jupiter.api.Test;

/** The contract finds stores that do not keep their word when they break. */
class StoreLaneTest {
    private static final Duration SHORT = Duration.ofMillis(500);

    private final MemoryStore memory = MemoryStore.create();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicInteger calls = new AtomicInteger();

    /** A write while the store is broken; {@code whole} does the write that was asked for. */
    private interface Broken {
        boolean cas(BooleanSupplier whole);
    }

    @Test
    void storeThatSaysThatItIsAwayPasses() throws Exception {
        suffer(StoreFailure.CUT, StoreLaneTest::away);
    }

    @Test
    void writeWhoseAnswerIsLostMayHaveHappened() throws Exception {
        suffer(StoreFailure.CUT, whole -> whole.getAsBoolean() && away(whole));
    }

    @Test
    void anotherExceptionIsFound() {
        finds(
                "socket closed",
                StoreFailure.CUT,
                whole -> {
                    throw new IllegalStateException("socket closed");
                });
    }

    @Test
    void exceptionThatCallsForAnotherReactionIsFound() {
        finds(
                "ask somebody",
                StoreFailure.FULL,
                whole -> {
                    throw new MisconfiguredException("ask somebody");
                });
    }

    @Test
    void acknowledgedWriteThatDidNotHappenIsFound() {
        finds(
                "were acknowledged",
                StoreFailure.CUT,
                whole -> calls.incrementAndGet() % 100 > 0 || away(whole));
    }

    @Test
    void storeThatDoesNotFailAtAllIsFound() {
        finds("each thread could fail", StoreFailure.LATE, BooleanSupplier::getAsBoolean);
    }

    @Test
    void storeThatStaysBrokenIsFound() {
        assertThatThrownBy(() -> ordeal(StoreFailure.CUT, StoreLaneTest::away, () -> {}).run())
                .hasMessageContaining("each thread could write again");
    }

    @Test
    void watchThatDidNotOutliveTheFailureIsFound() {
        finds(
                "a watch from before heard",
                StoreFailure.CUT,
                whole -> {
                    calls.incrementAndGet();
                    return away(whole);
                });
    }

    @Test
    void reasonThatIsNoneIsFound() {
        assertThatThrownBy(() -> StoreLane.none("n/a").suffer(StoreFailure.CUT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the reason why CUT");
    }

    private static boolean away(BooleanSupplier whole) {
        throw new StoreException("away, before or after " + whole.getClass().getSimpleName());
    }

    private void suffer(StoreFailure failure, Broken way) throws Exception {
        ordeal(failure, way, () -> broken.set(false)).run();
    }

    private StoreOrdeal ordeal(StoreFailure failure, Broken way, StoreLane.Step heals) {
        return new StoreOrdeal(
                failure, () -> new Handle(way), () -> broken.set(true), heals, SHORT);
    }

    private void finds(String fault, StoreFailure failure, Broken way) {
        assertThatThrownBy(() -> suffer(failure, way))
                .isInstanceOf(AssertionError.class)
                .hasStackTraceContaining(fault);
    }

    /** A handle that fails as told while the store is broken. */
    private final class Handle implements Store {
        private final Store whole = memory.another();
        private final Broken way;

        private Handle(Broken way) {
            this.way = way;
        }

        @Override
        public Versioned read(AppId app) {
            return whole.read(app);
        }

        @Override
        public boolean cas(AppId app, long version, AppRecord record) {
            BooleanSupplier write = () -> whole.cas(app, version, record);
            return broken.get() ? way.cas(write) : write.getAsBoolean();
        }

        /** Deaf from the first counted call on. */
        @Override
        public Watch watch(AppId app, Listener listener) {
            return whole.watch(
                    app,
                    new Listener() {
                        @Override
                        public void changed() {
                            if (calls.get() == 0) {
                                listener.changed();
                            }
                        }

                        @Override
                        public void changed(Supplier<Versioned> news) {
                            if (calls.get() == 0) {
                                listener.changed(news);
                            }
                        }
                    });
        }

        @Override
        public Instant now() {
            return whole.now();
        }

        @Override
        public void close() {
            whole.close();
        }
    }
}
