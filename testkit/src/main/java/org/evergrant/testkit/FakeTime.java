package org.evergrant.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;
import org.evergrant.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes only when a test says so. It is a {@link TimeSource} for a node, and an {@link
 * InstantSource} for a store or a provider.
 *
 * <p>{@link #advance} runs the timers that fall due, on the calling thread and holding no lock, in
 * the order of their moments and, at one moment, in the order they were set; a timer sees the time
 * it was set for, and the timers it sets run too when they fall due within the same advance.
 *
 * <p>{@link #another} returns a second clock of the same world, which may run faster or slower:
 * advancing one advances all. {@link #jump} moves the time of day alone, as a person or an NTP
 * daemon would.
 */
public final class FakeTime implements TimeSource, InstantSource {
    private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");

    private final World world;
    private double rate;
    private long nanosAtBase;
    private long worldAtBase;
    private Instant dayAtZero;
    private boolean closed;

    private FakeTime(World world, double rate, Instant dayAtZero) {
        this.world = world;
        this.rate = rate;
        this.worldAtBase = world.nanos;
        this.dayAtZero = dayAtZero;
    }

    /** Returns a world that begins at midnight, 1 January 2030 UTC. */
    public static FakeTime create() {
        return startingAt(BEGINNING);
    }

    /** Returns a world that begins at this time of day. */
    public static FakeTime startingAt(Instant beginning) {
        return new FakeTime(new World(), 1, beginning);
    }

    /**
     * Returns another clock of the same world, at the same time of day, that runs {@code rate}
     * times as fast: 1.0001 gains 0.1 ms a second. Its {@link #nanos} begin at 0.
     */
    public FakeTime another(double rate) {
        synchronized (world) {
            return new FakeTime(world, checked(rate), instant());
        }
    }

    /** From now on this clock runs {@code rate} times as fast as the world. */
    public void rate(double changed) {
        synchronized (world) {
            nanosAtBase = nanos();
            worldAtBase = world.nanos;
            rate = checked(changed);
            world.reorder(this);
        }
    }

    /**
     * Moves the time of day by {@code by}, which may be negative; the monotonic time and the timers
     * do not notice.
     */
    public void jump(Duration by) {
        synchronized (world) {
            dayAtZero = dayAtZero.plus(by);
        }
    }

    /** Lets this much of the world's time pass, running the timers of all its clocks. */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("advance by " + by + " (expected: zero or more)");
        }
        long end;
        synchronized (world) {
            end = Math.addExact(world.nanos, by.toNanos());
        }
        for (Call due = world.next(end); due != null; due = world.next(end)) {
            due.task.run();
        }
    }

    /**
     * Lets the world's time pass to the next timer, and runs all that are due then.
     *
     * @return whether there was one
     */
    public boolean advanceToNextTimer() {
        Optional<Duration> wait = untilNextTimer();
        wait.ifPresent(this::advance);
        return wait.isPresent();
    }

    /** Returns how much of the world's time passes before its next timer falls due. */
    public Optional<Duration> untilNextTimer() {
        synchronized (world) {
            return world.calls.stream()
                    .findFirst()
                    .map(call -> Duration.ofNanos(Math.max(0, call.due - world.nanos)));
        }
    }

    /** Returns how many timers of this clock wait. */
    public int timers() {
        synchronized (world) {
            return (int) world.calls.stream().filter(call -> call.clock() == this).count();
        }
    }

    @Override
    public Instant instant() {
        synchronized (world) {
            return dayAtZero.plusNanos(nanos());
        }
    }

    @Override
    public long nanos() {
        synchronized (world) {
            return nanosAtBase + Math.round((world.nanos - worldAtBase) * rate);
        }
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        synchronized (world) {
            long at = nanos() + Math.max(0, delay.toNanos());
            Call call = new Call(at, world.number++, task);
            if (!closed) {
                call.due = worldAt(at);
                world.calls.add(call);
            }
            return call;
        }
    }

    /** Drops this clock's timers; the other clocks of its world go on. */
    @Override
    public void close() {
        synchronized (world) {
            closed = true;
            world.calls.removeIf(call -> call.clock() == this);
        }
    }

    private long worldAt(long ownNanos) {
        return worldAtBase + (long) Math.ceil((ownNanos - nanosAtBase) / rate);
    }

    private static double checked(double rate) {
        if (!(rate > 0 && rate <= 1000)) {
            throw new IllegalArgumentException("rate " + rate + " (expected: above 0, to 1000)");
        }
        return rate;
    }

    /** The one true time and the timers of all clocks, guarded by itself. */
    private static final class World {
        private static final Comparator<Call> ORDER =
                Comparator.<Call>comparingLong(call -> call.due)
                        .thenComparingLong(call -> call.number);

        private final TreeSet<Call> calls = new TreeSet<>(ORDER);
        private long nanos;
        private long number;

        /** Takes the next timer due by {@code end} and moves to its moment, or else to the end. */
        private synchronized @Nullable Call next(long end) {
            Call first = calls.isEmpty() ? null : calls.first();
            if (first == null || first.due > end) {
                nanos = Math.max(nanos, end);
                return null;
            }
            nanos = Math.max(nanos, first.due);
            return calls.pollFirst();
        }

        private void reorder(FakeTime changed) {
            var own = calls.stream().filter(call -> call.clock() == changed).toList();
            calls.removeAll(own);
            for (Call call : own) {
                call.due = changed.worldAt(call.at);
                calls.add(call);
            }
        }
    }

    private final class Call implements Timer {
        private final long at;
        private final long number;
        private final Runnable task;
        private long due;

        private Call(long at, long number, Runnable task) {
            this.at = at;
            this.number = number;
            this.task = task;
        }

        private FakeTime clock() {
            return FakeTime.this;
        }

        @Override
        public void cancel() {
            synchronized (world) {
                world.calls.remove(this);
            }
        }
    }
}
