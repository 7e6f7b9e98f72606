package org.evergrant.jdbc;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks for changes again and again on one thread, which lives only while something is watched. */
final class Poller implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.evergrant.store");

    /** A look takes milliseconds; longer only when the disk hangs, which must not hang a close. */
    private static final long END_MS = 2000;

    private static final long AFTER_A_BUG_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** One thread's looks. */
    interface Looking {
        /** Looks once, and returns how many nanoseconds to wait until the next look. */
        long look();

        /** Lets a look that waits return soon; called from any thread. */
        default void hurry() {}

        /** Ends the looks; called by the thread that looked. */
        default void end() {}
    }

    private final String name;
    private final Supplier<Looking> begin;
    private final BooleanSupplier wanted;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private @Nullable Thread thread;
    private @Nullable Looking looking;
    private boolean closed;

    /**
     * Makes one that does not look yet.
     *
     * @param begin begins to look, for each thread anew
     * @param wanted whether somebody still watches
     */
    Poller(String name, Supplier<Looking> begin, BooleanSupplier wanted) {
        this.name = name;
        this.begin = begin;
        this.wanted = wanted;
    }

    /** Looks from now on, for as long as it is wanted. */
    void start() {
        lock.lock();
        try {
            if (thread == null && !closed) {
                Looking next = begin.get();
                looking = next;
                thread = new Thread(() -> run(next), name);
                thread.setDaemon(true);
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks no more, and waits for the thread's end unless this is that thread. */
    @Override
    public void close() {
        Thread running;
        Looking hurried;
        lock.lock();
        try {
            closed = true;
            running = thread;
            hurried = looking;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
        if (running == null || hurried == null || running == Thread.currentThread()) {
            return;
        }
        hurried.hurry();
        try {
            running.join(END_MS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Looking mine) {
        try {
            long pause;
            do {
                pause = looked(mine);
            } while (goesOn(pause));
        } finally {
            mine.end();
        }
    }

    /** A watch that ended for a bug of ours would be missed by nobody, and by everybody. */
    private long looked(Looking mine) {
        try {
            return mine.look();
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, name + ": a look failed", bug);
            return AFTER_A_BUG_NANOS;
        }
    }

    /** Waits, and decides under the lock, so that a watch opened meanwhile is not forgotten. */
    private boolean goesOn(long nanos) {
        lock.lock();
        try {
            boolean goesOn = waited(nanos);
            if (!goesOn) {
                thread = null;
                looking = null;
            }
            return goesOn;
        } finally {
            lock.unlock();
        }
    }

    private boolean waited(long nanos) {
        try {
            for (long left = nanos; left > 0 && !closed; ) {
                left = ended.awaitNanos(left);
            }
        } catch (InterruptedException interrupt) {
            // Nobody but us has this thread; an interrupt can only mean that the process ends.
            closed = true;
        }
        return !closed && wanted.getAsBoolean();
    }

    /** How often to look: often for a while after each change, and seldom when all is quiet. */
    static final class Pace {
        /** About as long as a mint takes at most; a claim is followed by its token. */
        private static final long LIVELY_NANOS = TimeUnit.SECONDS.toNanos(10);

        private final long oftenNanos;
        private final long seldomNanos;
        private long livelyUntil;

        Pace(long oftenMs, long seldomMs) {
            this.oftenNanos = TimeUnit.MILLISECONDS.toNanos(oftenMs);
            this.seldomNanos = TimeUnit.MILLISECONDS.toNanos(seldomMs);
            this.livelyUntil = System.nanoTime() + LIVELY_NANOS;
        }

        /** Returns how long to wait after a look that found a change, or did not. */
        long after(boolean change) {
            long now = System.nanoTime();
            if (change) {
                livelyUntil = now + LIVELY_NANOS;
            }
            return now - livelyUntil < 0 ? oftenNanos : seldomNanos;
        }
    }
}
