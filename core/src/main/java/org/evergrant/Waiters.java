package org.evergrant;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * The callers of one app who could not be answered at once. Belongs to the rotor's mailbox, but for
 * {@link #giveUp} and {@link #fail}, which look at one of them alone.
 */
final class Waiters {
    private final NodeParts node;
    private final App app;
    private List<Waiter> waiting = Collections.emptyList();

    Waiters(NodeParts node, App app) {
        this.node = node;
        this.app = app;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(Waiter waiter) {
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(1);
        }
        waiting.add(waiter);
    }

    /** Forgets those who were answered, or went away, and their list once all have. */
    void dropThoseOver() {
        waiting.removeIf(Waiter::isOver);
        if (waiting.isEmpty()) {
            waiting = Collections.emptyList();
        }
    }

    /** Answers everybody whom {@code turn} answers. */
    void answer(Turn turn) {
        long nanos = node.time().nanos();
        for (Waiter waiter : waiting) {
            answer(waiter, turn, turn.now().plusNanos(waiter.deadline - nanos));
        }
        dropThoseOver();
    }

    /**
     * Answers one whose time is over: with what there is, else with the reason why there is
     * nothing.
     */
    void giveUp(
            Waiter waiter,
            Turn turn,
            @Nullable Trouble trouble,
            @Nullable StoreException storeFault) {
        answer(waiter, turn, turn.now());
        Instant retryAt = turn.wake() == null ? turn.now() : turn.wake();
        fail(
                waiter,
                storeFault != null ? storeFault : Refusal.of(app, trouble, turn.now(), retryAt));
    }

    void failAll(RuntimeException reason) {
        waiting.forEach(waiter -> fail(waiter, reason));
        waiting = Collections.emptyList();
    }

    /** Ends the wait with {@code reason}, unless it is over. */
    void fail(Waiter waiter, RuntimeException reason) {
        if (waiter.future.completeExceptionally(reason)) {
            node.observer().waited(app.id(), waited(waiter), false);
        }
    }

    private void answer(Waiter waiter, Turn turn, Instant deadline) {
        Turn.Reply reply = turn.reply(waiter.ask, deadline);
        if (reply.token() != null) {
            if (waiter.future.complete(reply.token())) {
                node.observer().waited(app.id(), waited(waiter), true);
            }
        } else if (reply.refusal()) {
            fail(
                    waiter,
                    reply.promise()
                            ? Refusal.promised(app, turn.now(), reply.retryAt())
                            : Refusal.of(app, reply.trouble(), turn.now(), reply.retryAt()));
        }
    }

    private Duration waited(Waiter waiter) {
        return Duration.ofNanos(node.time().nanos() - waiter.since);
    }
}
