package org.evergrant;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.evergrant.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/** The system's time. Its one thread starts with the first timer. */
final class SystemTime implements TimeSource {
    private @Nullable ScheduledThreadPoolExecutor timers;
    private boolean closed;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        Future<?> call = timers().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> call.cancel(false);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timers != null) {
            timers.shutdownNow();
        }
    }

    private synchronized ScheduledThreadPoolExecutor timers() {
        if (timers == null) {
            timers = new ScheduledThreadPoolExecutor(1, Threads.daemons("evergrant-timer"));
            timers.setRemoveOnCancelPolicy(true);
            timers.setRejectedExecutionHandler((task, executor) -> {});
            if (closed) {
                timers.shutdownNow();
            }
        }
        return timers;
    }
}
