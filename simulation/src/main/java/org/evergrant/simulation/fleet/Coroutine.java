package org.evergrant.simulation.fleet;

import java.util.function.Consumer;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import org.jspecify.annotations.Nullable;

/**
 * Work that can be left in the middle of any call and taken up later, all on one thread. So a store
 * call takes virtual time although whoever makes it only sees it return.
 */
final class Coroutine {
    private static final ContinuationScope SCOPE = new ContinuationScope("fleet");

    /** One a thread, because each thread runs a fleet of its own. */
    private static final ThreadLocal<@Nullable Coroutine> CURRENT = new ThreadLocal<>();

    private final Continuation continuation;
    private @Nullable Consumer<Runnable> resumeBy;

    private Coroutine(Runnable work) {
        continuation = new Continuation(SCOPE, work);
    }

    /** Does {@code work} until its end or until it is first left. */
    static void start(Runnable work) {
        new Coroutine(work).run();
    }

    /** Returns whether this is work that can be left. */
    static boolean isInside() {
        return CURRENT.get() != null;
    }

    /**
     * Leaves the work under way; {@code by} is given what takes it up again. Work that is never
     * taken up again is as good as killed.
     */
    static void leave(Consumer<Runnable> by) {
        Coroutine self = CURRENT.get();
        if (self == null) {
            throw new IllegalStateException("nothing can be left here");
        }
        self.resumeBy = by;
        if (!Continuation.yield(SCOPE)) {
            throw new IllegalStateException("the work is pinned to its thread");
        }
    }

    private void run() {
        Coroutine outer = CURRENT.get();
        CURRENT.set(this);
        try {
            continuation.run();
        } finally {
            CURRENT.set(outer);
        }
        Consumer<Runnable> by = resumeBy;
        if (by != null) {
            resumeBy = null;
            by.accept(this::run);
        }
    }
}
