package org.evergrant.bench.scale;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.evergrant.App;
import org.evergrant.Secret;
import org.evergrant.spi.Minter;

/** A provider that grants every mint after a fixed time, and counts them. */
final class TimedMinter implements Minter {
    /** As long as Zoom's tokens are, without the number behind it. */
    static final String VALUE = "eyJ".repeat(218);

    private final Later later;
    private final Duration latency;
    private final Duration life;
    private final AtomicLong mints = new AtomicLong();

    /** Runs a task when so much time has passed. */
    interface Later {
        /** Uses the machine's time. */
        Later REAL =
                (delay, task) ->
                        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS)
                                .execute(task);

        void after(Duration delay, Runnable task);
    }

    TimedMinter(Later later, Duration latency, Duration life) {
        this.later = later;
        this.latency = latency;
        this.life = life;
    }

    long mints() {
        return mints.get();
    }

    @Override
    public CompletableFuture<Answer> mint(App app, int index) {
        String value = VALUE + mints.incrementAndGet();
        Answer answer = new Minted(Secret.of(value), "bearer", "", "", Optional.of(life));
        if (latency.isZero()) {
            return CompletableFuture.completedFuture(answer);
        }
        CompletableFuture<Answer> future = new CompletableFuture<>();
        later.after(latency, () -> future.complete(answer));
        return future;
    }

    @Override
    public void close() {}
}
