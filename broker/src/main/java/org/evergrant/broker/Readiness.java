package org.evergrant.broker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.evergrant.AppId;
import org.evergrant.EvergrantException;
import org.evergrant.spi.Store;

/**
 * Whether the store answers. However many ask, one look is under way at a time and its outcome
 * counts for a second; a look that takes longer than its bound counts as no, and is not repeated
 * before it ends.
 */
final class Readiness {
    private static final System.Logger LOG = System.getLogger("org.evergrant.broker");
    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final long FRESH_NS = Duration.ofSeconds(1).toNanos();

    /** A look that began then, and what the store said; complete within the store's own time. */
    private record Look(long began, CompletableFuture<Boolean> whole) {}

    private final Store store;
    private final AppId anApp;
    private final Executor executor;
    private final LongSupplier nanos;
    private final AtomicReference<Look> last;

    Readiness(Store store, AppId anApp, Executor executor, LongSupplier nanos) {
        this.store = store;
        this.anApp = anApp;
        this.executor = executor;
        this.nanos = nanos;
        long longAgo = nanos.getAsLong() - FRESH_NS - 1;
        this.last =
                new AtomicReference<>(new Look(longAgo, CompletableFuture.completedFuture(false)));
    }

    /** Completes within two seconds, on any thread. */
    CompletableFuture<Boolean> look() {
        Look seen = last.get();
        boolean fresh = nanos.getAsLong() - seen.began() < FRESH_NS;
        if (fresh || !seen.whole().isDone()) {
            return bounded(seen);
        }
        Look next = new Look(nanos.getAsLong(), new CompletableFuture<>());
        if (!last.compareAndSet(seen, next)) {
            return bounded(last.get());
        }
        executor.execute(() -> next.whole().complete(answers()));
        return bounded(next);
    }

    /** A copy, because the bound of one who asks must not end the look. */
    private static CompletableFuture<Boolean> bounded(Look look) {
        return look.whole()
                .copy()
                .completeOnTimeout(false, BOUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean answers() {
        try {
            store.read(anApp);
            return true;
        } catch (EvergrantException away) {
            return false;
        } catch (RuntimeException mistake) {
            LOG.log(System.Logger.Level.ERROR, "the store failed in an unknown way", mistake);
            return false;
        }
    }
}
