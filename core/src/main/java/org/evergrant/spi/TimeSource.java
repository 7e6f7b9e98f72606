package org.evergrant.spi;

import java.time.Duration;

/** The passing of time in one process: a monotonic reading, and calls at a later moment. */
public interface TimeSource extends AutoCloseable {

    /** Returns nanoseconds since some fixed moment; never goes back. Not a time of day. */
    long nanos();

    /**
     * Runs {@code task} after {@code delay}, once, on a thread that must not block; it hands longer
     * work to an executor.
     */
    Timer after(Duration delay, Runnable task);

    /** Drops all timers and ends the thread behind them. */
    @Override
    void close();

    /** A call that has not happened yet. */
    interface Timer {
        /** Drops the call if it has not begun. */
        void cancel();
    }
}
