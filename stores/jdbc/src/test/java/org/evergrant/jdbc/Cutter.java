package org.evergrant.jdbc;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Cuts connections again and again, in the midst of what they do. */
final class Cutter {
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final Runnable cut;
    private final Thread thread = new Thread(this::run, "cutter");
    private volatile boolean over;

    Cutter(Runnable cut) {
        this.cut = cut;
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    void end() throws InterruptedException {
        over = true;
        thread.join();
    }

    private void run() {
        while (!over) {
            cut.run();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
