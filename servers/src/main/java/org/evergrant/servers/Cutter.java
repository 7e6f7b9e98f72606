package org.evergrant.servers;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Cuts connections again and again, in the midst of what they do. */
public final class Cutter {
    private final Runnable cut;
    private final long pauseNanos;
    private final Thread thread = new Thread(this::run, "cutter");
    private volatile boolean over;

    /** Makes one that has not begun. */
    public Cutter(Duration pause, Runnable cut) {
        this.cut = cut;
        this.pauseNanos = pause.toNanos();
        thread.setDaemon(true);
    }

    /** Begins to cut. */
    public void begin() {
        thread.start();
    }

    /** Cuts for the last time. */
    public void end() throws InterruptedException {
        over = true;
        thread.join();
    }

    private void run() {
        while (!over) {
            cut.run();
            LockSupport.parkNanos(pauseNanos);
        }
    }
}
