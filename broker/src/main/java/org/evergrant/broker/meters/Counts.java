package org.evergrant.broker.meters;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * Up to 64 counters, each with a place of its own, of which only those take room that have counted.
 * For any number of threads.
 *
 * <ol>
 *   <li>One array holds a bit for each place that has a cell, and then the cells in the order of
 *       their places. What is added to a place that has one is added there, without a lock.
 *   <li>The first count of a place makes a larger array, under the lock. Each cell of the old one
 *       is read and marked as moved in one step.
 *   <li>Who adds to a cell sees from what was there before whether it had moved. Then nobody has
 *       read what was added, and it is added again, under the lock.
 * </ol>
 */
public final class Counts {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    /** The sign, which no count has. */
    private static final long MOVED = Long.MIN_VALUE;

    private static final long[] NONE = {0};

    private volatile long[] cells = NONE;

    /** Counts one at {@code place}, from 0 to 63. */
    public void increment(int place) {
        add(place, 1);
    }

    /** Adds {@code amount}, which is not negative, at {@code place}. */
    public void add(int place, long amount) {
        long[] there = cells;
        if (!has(there, place) || (long) CELL.getAndAdd(there, cell(there, place), amount) < 0) {
            addUndisturbed(place, amount);
        }
    }

    /** Returns what was added at {@code place}; 0 where nothing was. Meanwhile no cell moves. */
    public synchronized long get(int place) {
        return has(cells, place) ? (long) CELL.getVolatile(cells, cell(cells, place)) : 0;
    }

    private synchronized void addUndisturbed(int place, long amount) {
        if (!has(cells, place)) {
            cells = moved(cells, place);
        }
        CELL.getAndAdd(cells, cell(cells, place), amount);
    }

    /** Returns the cells of {@code from}, and one more for {@code place}. */
    private static long[] moved(long[] from, int place) {
        long[] to = new long[from.length + 1];
        to[0] = from[0] | bit(place);
        int added = cell(to, place);
        for (int i = 1; i < from.length; i++) {
            to[i < added ? i : i + 1] = (long) CELL.getAndBitwiseOr(from, i, MOVED);
        }
        return to;
    }

    private static boolean has(long[] cells, int place) {
        return (cells[0] & bit(place)) != 0;
    }

    private static int cell(long[] cells, int place) {
        return 1 + Long.bitCount(cells[0] & (bit(place) - 1));
    }

    private static long bit(int place) {
        return 1L << Objects.checkIndex(place, Long.SIZE);
    }
}
