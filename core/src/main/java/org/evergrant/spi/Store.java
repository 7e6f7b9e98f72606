package org.evergrant.spi;

import java.time.Instant;
import java.util.function.Supplier;
import org.evergrant.AppId;

/**
 * Where the nodes share their records: one versioned record an app, and one atomic step on it.
 *
 * <p>Every method may block for the store's own, bounded time, may be called from any thread, and
 * throws {@link org.evergrant.StoreException} when the store cannot be reached or its answer was
 * lost. After a {@code cas} that threw, the record may or may not have changed: read it again.
 */
public interface Store extends AutoCloseable {

    /**
     * A record as it was read.
     *
     * @param version grows with every change of this record; 0 when it was never written
     * @param record what it said; {@link AppRecord#EMPTY} when it was never written
     */
    record Versioned(long version, AppRecord record) {}

    /** Returns the app's record as it is now. */
    Versioned read(AppId app);

    /**
     * Writes {@code record} if the app's version still is {@code version}, and says whether it did.
     * The version then is {@code version + 1}.
     */
    boolean cas(AppId app, long version, AppRecord record);

    /**
     * Calls {@code listener} soon after another node, or this one, changed the app's record, until
     * the watch is closed. A call may be late, may come without a change and may stand for several
     * changes.
     */
    Watch watch(AppId app, Listener listener);

    /** Returns the instant on the clock that all nodes of this store share. */
    Instant now();

    /** Ends all watches and gives back what the store holds. Records stay. */
    @Override
    void close();

    /** Hears of changes of one app's record. It must not block. */
    @FunctionalInterface
    interface Listener {
        /** The record may be another one by now: read it again. */
        void changed();

        /**
         * The same, where the store has brought along what was written, so that whoever hears of it
         * need not read.
         *
         * @param news what the record was at some moment after the watch began, perhaps not the
         *     newest by now; fails as {@link #read} does
         */
        default void changed(Supplier<Versioned> news) {
            changed();
        }
    }

    /** A running watch. */
    interface Watch extends AutoCloseable {
        /** Ends the watch; the listener is not called by changes after this. */
        @Override
        void close();
    }
}
