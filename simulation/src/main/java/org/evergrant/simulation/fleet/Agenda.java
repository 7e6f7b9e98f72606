package org.evergrant.simulation.fleet;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Virtual time: what is to happen, each at its instant, in nanoseconds since the beginning. What
 * falls on one instant happens in the order in which it was entered.
 */
final class Agenda {
    private static final Comparator<Entry> ORDER =
            (one, other) ->
                    one.at != other.at
                            ? Long.compare(one.at, other.at)
                            : Long.compare(one.number, other.number);

    private record Entry(long at, long number, Runnable task) {}

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(1024, ORDER);
    private long now;
    private long entered;

    /** Returns the instant. */
    long now() {
        return now;
    }

    /** Enters {@code task} at an instant that is not past. */
    void at(long instant, Runnable task) {
        entries.add(new Entry(Math.max(now, instant), entered++, task));
    }

    void after(long nanos, Runnable task) {
        at(now + nanos, task);
    }

    /** Lets time pass until {@code end}, and everything before it happen. */
    void runUntil(long end) {
        for (Entry next = entries.peek(); next != null && next.at < end; next = entries.peek()) {
            entries.remove();
            now = next.at;
            next.task.run();
        }
        now = end;
    }
}
