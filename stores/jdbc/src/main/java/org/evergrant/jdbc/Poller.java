package org.evergrant.jdbc;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for changes again and again on one thread, which lives only while something is watched. It
 * looks often for a while after each change, because a claim is followed by its token, and seldom
 * when all is quiet.
 */
final class Poller implements AutoCloseable {
    /** Much below what a mint takes, and some tenths of a percent of a core. */
    private static final long OFTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long SELDOM_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** About as long as a mint takes at most. */
    private static final long LIVELY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A look takes milliseconds; longer only when the disk hangs, which must not hang a close. */
    private static final long END_MS = 2000;

    private final String name;
    private final BooleanSupplier look;
    private final BooleanSupplier wanted;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private @Nullable Thread thread;
    private boolean closed;

    /**
     * Makes one that does not look yet.
     *
     * @param look looks once and returns whether there was a change; must not throw
     * @param wanted whether somebody still watches
     */
    Poller(String name, BooleanSupplier look, BooleanSupplier wanted) {
        this.name = name;
        this.look = look;
        this.wanted = wanted;
    }

    /** Looks from now on, for as long as it is wanted. */
    void start() {
        lock.lock();
        try {
            if (thread == null && !closed) {
                thread = new Thread(this::run, name);
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
        lock.lock();
        try {
            closed = true;
            running = thread;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        try {
            running.join(END_MS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long lively = System.nanoTime() + LIVELY_NANOS;
        do {
            if (look.getAsBoolean()) {
                lively = System.nanoTime() + LIVELY_NANOS;
            }
        } while (goesOn(System.nanoTime() - lively < 0 ? OFTEN_NANOS : SELDOM_NANOS));
    }

    /** Waits, and decides under the lock, so that a watch opened meanwhile is not forgotten. */
    private boolean goesOn(long nanos) {
        lock.lock();
        try {
            boolean goesOn = waited(nanos);
            if (!goesOn) {
                thread = null;
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
}
