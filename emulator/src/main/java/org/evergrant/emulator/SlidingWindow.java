package org.evergrant.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Counts what happened in the last stretch of time against a {@link Quota}. */
final class SlidingWindow {
    /**
     * The answer to one attempt.
     *
     * @param granted whether it may go on
     * @param remaining how many more could go on now
     * @param opensIn how long until one may go on again; zero if this one was granted
     */
    record Ticket(boolean granted, int remaining, Duration opensIn) {}

    private static final Ticket UNLIMITED = new Ticket(true, Integer.MAX_VALUE, Duration.ZERO);

    private final Deque<Instant> past = new ArrayDeque<>();

    /** Counts one if the quota has room for it. No quota has room for everything. */
    Ticket take(@Nullable Quota quota, Instant now) {
        return quota == null ? UNLIMITED : takeOf(quota, now);
    }

    private synchronized Ticket takeOf(Quota quota, Instant now) {
        Instant horizon = now.minus(quota.window());
        for (Instant oldest = past.peekFirst();
                oldest != null && !oldest.isAfter(horizon);
                oldest = past.peekFirst()) {
            past.removeFirst();
        }
        if (past.size() < quota.count()) {
            past.addLast(now);
            return new Ticket(true, quota.count() - past.size(), Duration.ZERO);
        }
        // A lowered quota leaves more in the window than it allows: wait for the count-th newest.
        Instant frees = past.peekFirst();
        int surplus = past.size() - quota.count();
        for (Instant instant : past) {
            if (surplus-- == 0) {
                frees = instant;
                break;
            }
        }
        return new Ticket(false, 0, Duration.between(horizon, frees == null ? now : frees));
    }

    synchronized void clear() {
        past.clear();
    }
}
