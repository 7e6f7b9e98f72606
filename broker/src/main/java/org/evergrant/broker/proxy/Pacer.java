package org.evergrant.broker.proxy;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.evergrant.broker.config.Pace;
import org.jspecify.annotations.Nullable;

/** Spreads the calls of apps that have a pace. Has a thread once there is one. */
final class Pacer implements AutoCloseable {

    /** Where the calls of one app pass one by one, in the order they came. */
    static final class Gate {
        private final Bucket bucket;
        private final Duration longestWait;
        private final ScheduledExecutorService timer;

        private Gate(Bucket bucket, Duration longestWait, ScheduledExecutorService timer) {
            this.bucket = bucket;
            this.longestWait = longestWait;
            this.timer = timer;
        }

        /**
         * Completes with yes when it is this call's turn, on any thread; with no at once when that
         * is longer away than a call may wait.
         */
        CompletableFuture<Boolean> pass() {
            return bucket.asScheduler().tryConsume(1, longestWait, timer);
        }
    }

    private @Nullable ScheduledExecutorService timer;

    /** Returns a gate of that pace. Nothing is saved up, so no burst follows a pause. */
    synchronized Gate gate(Pace pace, Duration longestWait) {
        ScheduledExecutorService shared = timer;
        if (shared == null) {
            shared =
                    new ScheduledThreadPoolExecutor(
                            1, Thread.ofPlatform().daemon().name("evergrant-pace").factory());
            timer = shared;
        }
        Bucket bucket =
                Bucket.builder()
                        .addLimit(limit -> limit.capacity(1).refillGreedy(pace.calls(), pace.per()))
                        .withNanosecondPrecision()
                        .build();
        return new Gate(bucket, longestWait, shared);
    }

    @Override
    public synchronized void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
    }
}
