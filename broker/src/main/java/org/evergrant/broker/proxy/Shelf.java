package org.evergrant.broker.proxy;

import java.util.concurrent.atomic.AtomicLong;

/** The memory for bodies that are kept, bounded for all calls together. */
final class Shelf {
    /** An eighth of the smallest heap that the broker is measured with. */
    private static final long MOST = 16 * 1024 * 1024;

    private final AtomicLong taken = new AtomicLong();

    /** Returns whether there was room for so many bytes; they are taken then. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= MOST) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}
