package org.evergrant.valkey;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Cuts the connections of a proxy again and again, in the midst of what they do. */
final class Cutter {
    private static final long PAUSE_NANOS = Duration.ofMillis(3).toNanos();

    private final Proxy proxy;
    private final Thread thread = new Thread(this::run, "cutter");
    private volatile boolean over;

    Cutter(Proxy proxy) {
        this.proxy = proxy;
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
            proxy.cut();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
