package org.evergrant.broker;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The way back to the thread that a request belongs to. */
final class EventLoop {
    private EventLoop() {}

    /** Returns the context of the request that is being handled. */
    static Context current() {
        return Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    }

    /** Goes on here once the future is complete, with its value or what it failed with. */
    static <T> void resume(
            CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        Context context = current();
        CompletableFuture<T> _ =
                future.whenComplete((value, failure) -> {
                    Throwable cause = failure == null ? null : Failures.unwrapped(failure);
                    context.runOnContext(back -> then.accept(value, cause));
                });
    }
}
