package org.evergrant.broker.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;

/** A timer of one event loop that can be set again. */
final class Alarm {
    private static final long NONE = -1;

    private final Vertx vertx;
    private long timer = NONE;

    Alarm(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Runs {@code action} after that long, in place of what was set before. */
    void set(Duration delay, Runnable action) {
        cancel();
        timer =
                vertx.setTimer(
                        Math.max(1, delay.toMillis()),
                        over -> {
                            timer = NONE;
                            action.run();
                        });
    }

    void cancel() {
        if (timer != NONE) {
            vertx.cancelTimer(timer);
            timer = NONE;
        }
    }
}
