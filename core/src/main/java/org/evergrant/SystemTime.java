package org.evergrant;

import java.time.Duration;
import java.util.concurrent.Callable;
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
        return new Alarm(task, delay, timers());
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timers != null) {
            timers.shutdownNow();
        }
    }

    /** A task and its timer in one, for a node has a timer of every app that is in use. */
    private static final class Alarm implements Callable<@Nullable Void>, Timer {
        private final Runnable task;
        private final Future<?> call;

        Alarm(Runnable task, Duration delay, ScheduledThreadPoolExecutor timers) {
            this.task = task;
            this.call = timers.schedule(this, delay.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public @Nullable Void call() {
            task.run();
            return null;
        }

        @Override
        public void cancel() {
            call.cancel(false);
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
