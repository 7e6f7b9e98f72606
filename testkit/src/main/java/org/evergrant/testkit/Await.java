package org.evergrant.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or process is about to do. */
public final class Await {
    private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();

    private Await() {}

    /**
     * Returns once {@code condition} holds, and fails when it does not within {@code atMost}.
     *
     * @param what completes the sentence "waited in vain until …"
     */
    public static void until(String what, Duration atMost, BooleanSupplier condition) {
        if (!holds(atMost, condition)) {
            throw new AssertionError("waited " + atMost + " in vain until " + what);
        }
    }

    /** Returns whether {@code condition} comes to hold within {@code atMost}. */
    public static boolean holds(Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }
}
