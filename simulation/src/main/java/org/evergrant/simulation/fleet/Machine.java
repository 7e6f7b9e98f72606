package org.evergrant.simulation.fleet;

import java.time.Duration;
import org.evergrant.spi.TimeSource;

/**
 * One process and the clock it reads: it lives, stands still, dies and starts again. Whatever is to
 * happen to it is dropped when it died meanwhile, and put off while it stands still.
 */
final class Machine implements TimeSource {
    private static final long MILLION = 1_000_000;

    private final int number;
    private final Agenda agenda;
    private final long start;
    private final int fast;
    private int life;
    private boolean up;
    private long stalledUntil;
    private long stalled;
    private long stoodStill;

    /**
     * Makes one that is not up.
     *
     * @param start what its clock says at the beginning
     * @param fast by how many millionths its clock is fast; negative when it is slow
     */
    Machine(int number, Agenda agenda, long start, int fast) {
        this.number = number;
        this.agenda = agenda;
        this.start = start;
        this.fast = fast;
    }

    int number() {
        return number;
    }

    /** Returns how often it has started. */
    int life() {
        return life;
    }

    boolean isUp() {
        return up;
    }

    boolean isStalled() {
        return agenda.now() < stalledUntil;
    }

    /** Returns for how long it has ever stood still. */
    long stalled() {
        return stalled;
    }

    void start() {
        life++;
        up = true;
        stalledUntil = agenda.now();
    }

    /** Ends the process: of what was to happen to it nothing does. */
    void die() {
        life++;
        up = false;
    }

    /** Nothing happens to it for so long; returns by how much that is longer than before. */
    long stall(long nanos) {
        long until = agenda.now() + nanos;
        long more = Math.max(0, until - Math.max(agenda.now(), stalledUntil));
        stalled += more;
        stalledUntil += more == 0 ? 0 : until - stalledUntil;
        return more;
    }

    /** Nothing happens to it for so long, and its clock does not see that. */
    void suspend(long nanos) {
        stoodStill += stall(nanos);
    }

    /** Has {@code task} happen to this life of it. */
    void later(long nanos, Runnable task) {
        int mine = life;
        agenda.after(nanos, () -> happen(mine, task));
    }

    private void happen(int in, Runnable task) {
        if (in != life) {
            return;
        }
        if (agenda.now() < stalledUntil) {
            agenda.at(stalledUntil, () -> happen(in, task));
        } else {
            task.run();
        }
    }

    /** Lets time pass for the work under way, where it can be left; elsewhere it takes none. */
    void pause(long nanos) {
        if (Coroutine.isInside()) {
            Coroutine.leave(resume -> later(nanos, resume));
        }
    }

    /** Stands still in the middle of the work under way. */
    void stallHere(long nanos) {
        if (Coroutine.isInside()) {
            long _ = stall(nanos);
            pause(0);
        }
    }

    @Override
    public long nanos() {
        // A suspension counts in full from its beginning, when nobody can look.
        long passed = agenda.now() - stoodStill;
        return start + passed + passed / MILLION * fast;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        long wanted = delay.toNanos();
        boolean[] cancelled = new boolean[1];
        later(
                wanted - wanted / MILLION * fast,
                () -> {
                    if (!cancelled[0]) {
                        task.run();
                    }
                });
        return () -> cancelled[0] = true;
    }

    @Override
    public void close() {
        die();
    }
}
