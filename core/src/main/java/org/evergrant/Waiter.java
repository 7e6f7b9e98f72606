package org.evergrant;

import java.util.concurrent.CompletableFuture;
import org.evergrant.spi.Ask;
import org.evergrant.spi.TimeSource;

/** One caller who could not be answered at once. */
final class Waiter {
    final Ask ask;
    final CompletableFuture<Token> future = new CompletableFuture<>();
    final long since;
    final long deadline;

    /**
     * Makes one.
     *
     * @param since when it began to wait, on the monotonic clock
     * @param deadline when it gives up, on the same clock
     */
    Waiter(Ask ask, long since, long deadline) {
        this.ask = ask;
        this.since = since;
        this.deadline = deadline;
    }

    /** Returns whether nobody waits here any more: answered, or cancelled by the caller. */
    boolean isOver() {
        return future.isDone();
    }

    /** Has {@code timer} dropped when the wait is over, however it ends. */
    void dropWhenOver(TimeSource.Timer timer) {
        CompletableFuture<Token> unused = future.whenComplete((token, failure) -> timer.cancel());
    }
}
