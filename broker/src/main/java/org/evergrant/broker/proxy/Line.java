package org.evergrant.broker.proxy;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.Lease;
import org.evergrant.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one app that wait for a token. On each event loop the first to come is the first to
 * go; over all of them no more wait than the line holds.
 */
final class Line {
    /** A full line empties at the next mint, which may be any moment. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** One call that waits. Belongs to its event loop. */
    interface Waiter {
        /** Takes a lease, to be closed by the one who takes it. */
        void leased(Lease lease);

        /** Hears why there is none. */
        void refused(Throwable why);
    }

    private static final class Place {
        private final Waiter waiter;
        private final CompletableFuture<Lease> ask;

        Place(Waiter waiter, CompletableFuture<Lease> ask) {
            this.waiter = waiter;
            this.ask = ask;
        }
    }

    /** The line on one event loop. */
    private static final class Lane {
        private final ArrayDeque<Place> places = new ArrayDeque<>();
        private final Map<Waiter, Place> byWaiter = new HashMap<>();

        @Nullable Place first() {
            Place first = places.poll();
            if (first != null) {
                byWaiter.remove(first.waiter);
            }
            return first;
        }
    }

    private final TokenSource source;
    private final Duration longestWait;
    private final int capacity;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<Thread, Lane> lanes = new ConcurrentHashMap<>();

    Line(TokenSource source, Duration longestWait, int capacity) {
        this.source = source;
        this.longestWait = longestWait;
        this.capacity = capacity;
    }

    /** Returns how many wait now. */
    int waiting() {
        return waiting.get();
    }

    /**
     * Has the waiter leased a token: at once where there is one and nobody is before it, else later
     * in its context.
     */
    void join(Context context, Waiter waiter) {
        Lane lane = lanes.computeIfAbsent(Thread.currentThread(), loop -> new Lane());
        CompletableFuture<Lease> ask = source.leaseAsync(longestWait);
        if (lane.places.isEmpty() && ask.isDone() && !ask.isCompletedExceptionally()) {
            waiter.leased(ask.join());
            return;
        }
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            abandon(ask);
            waiter.refused(
                    new Refusal(
                            Refusal.Kind.BUSY, capacity + " calls wait for a token already", SOON));
            return;
        }
        Place place = new Place(waiter, ask);
        lane.places.add(place);
        lane.byWaiter.put(waiter, place);
        CompletableFuture<Lease> _ =
                ask.whenComplete((lease, failure) ->
                        context.runOnContext(back -> {
                            if (lease != null) {
                                leased(lane, lease);
                            } else if (failure != null) {
                                refused(lane, place, failure);
                            }
                        }));
    }

    /** Takes a waiter out whose caller has gone. */
    void leave(Waiter waiter) {
        Lane lane = lanes.get(Thread.currentThread());
        if (lane == null) {
            return;
        }
        Place place = lane.byWaiter.remove(waiter);
        if (place != null) {
            lane.places.remove(place);
            waiting.decrementAndGet();
            place.ask.cancel(false);
        }
    }

    /** Whoever's ask it was that was answered, the first in the line has the token. */
    private void leased(Lane lane, Lease lease) {
        Place first = lane.first();
        if (first == null) {
            lease.close();
        } else {
            waiting.decrementAndGet();
            first.waiter.leased(lease);
        }
    }

    private void refused(Lane lane, Place place, Throwable failure) {
        // Not there any more: it left, or another one's token was given to it.
        if (lane.byWaiter.remove(place.waiter, place)) {
            lane.places.remove(place);
            waiting.decrementAndGet();
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
            place.waiter.refused(cause == null ? failure : cause);
        }
    }

    /** Gives back what an ask brings that nobody waits for. */
    private static void abandon(CompletableFuture<Lease> ask) {
        if (!ask.cancel(false)) {
            CompletableFuture<Void> _ = ask.thenAccept(Lease::close);
        }
    }
}
