package org.evergrant;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The library's own threads: daemons, started when first needed, gone when idle. */
final class Threads {
    /**
     * Each app occupies at most one at a time, and mostly waits on it for the store. With half as
     * many, a store that syncs its disk for all calls that came meanwhile has idle time.
     */
    private static final int WORKERS = 16;

    private static final long IDLE_SECONDS = 10;

    private Threads() {}

    static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns a pool whose queue holds at most one task for each app of the node. */
    static ExecutorService workers() {
        ThreadPoolExecutor workers =
                new ThreadPoolExecutor(
                        WORKERS,
                        WORKERS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        daemons("evergrant-worker"));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }
}
