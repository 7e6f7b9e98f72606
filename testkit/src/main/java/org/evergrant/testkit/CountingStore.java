package org.evergrant.testkit;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.evergrant.AppId;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;

/** A store that counts what is asked of the one behind it, and what that one's watches say. */
public final class CountingStore implements Store {
    private final Store inner;
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder clocks = new LongAdder();
    private final LongAdder watches = new LongAdder();
    private final LongAdder events = new LongAdder();

    /**
     * What was counted so far.
     *
     * @param reads of a record
     * @param writes tries of a compare-and-set, won or lost
     * @param clocks reads of the store's clock
     * @param watches opened
     * @param events how often watches called
     */
    public record Counts(long reads, long writes, long clocks, long watches, long events) {

        /** Returns what came since {@code earlier}. */
        public Counts since(Counts earlier) {
            return new Counts(
                    reads - earlier.reads,
                    writes - earlier.writes,
                    clocks - earlier.clocks,
                    watches - earlier.watches,
                    events - earlier.events);
        }

        /** Returns the sum of both. */
        public Counts plus(Counts other) {
            return new Counts(
                    reads + other.reads,
                    writes + other.writes,
                    clocks + other.clocks,
                    watches + other.watches,
                    events + other.events);
        }

        /** Returns how often the store was called. */
        public long calls() {
            return reads + writes + clocks + watches;
        }
    }

    /** Makes one in front of {@code inner}, which it closes. */
    public CountingStore(Store inner) {
        this.inner = inner;
    }

    /** Returns what was counted so far. */
    public Counts counts() {
        return new Counts(reads.sum(), writes.sum(), clocks.sum(), watches.sum(), events.sum());
    }

    @Override
    public Versioned read(AppId app) {
        reads.increment();
        return inner.read(app);
    }

    @Override
    public boolean cas(AppId app, long version, AppRecord record) {
        writes.increment();
        return inner.cas(app, version, record);
    }

    @Override
    public Watch watch(AppId app, Listener listener) {
        watches.increment();
        return inner.watch(app, new Counted(listener));
    }

    private final class Counted implements Listener {
        private final Listener listener;

        private Counted(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void changed() {
            events.increment();
            listener.changed();
        }

        @Override
        public void changed(Supplier<Versioned> news) {
            events.increment();
            listener.changed(news);
        }
    }

    @Override
    public Instant now() {
        clocks.increment();
        return inner.now();
    }

    @Override
    public void close() {
        inner.close();
    }
}
