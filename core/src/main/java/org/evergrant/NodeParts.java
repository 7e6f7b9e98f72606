package org.evergrant;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;

/** What all apps of one node share. */
record NodeParts(
        String id,
        Store store,
        Minter minter,
        Executor executor,
        TimeSource time,
        SharedClock clock,
        Observer observer) {

    /** Has the executor run {@code work}; once it has ended, this thread does. */
    void execute(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException closed) {
            work.run();
        }
    }
}
