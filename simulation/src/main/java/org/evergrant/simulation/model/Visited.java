package org.evergrant.simulation.model;

import java.util.Arrays;
import org.evergrant.simulation.model.Fingerprint.Bits;

/**
 * The states seen, by their fingerprints, each with the move that led to it first. At 128 bits two
 * states of a hundred million share one with a probability of about 1 in 10^22.
 */
final class Visited {
    private static final int FIRST_SIZE = 1 << 16;

    private long[] high = new long[FIRST_SIZE];
    private long[] low = new long[FIRST_SIZE];
    private int[] parents = new int[FIRST_SIZE];
    private int[] moves = new int[FIRST_SIZE];
    private int[] slots = filled(FIRST_SIZE * 2);
    private int size;

    /**
     * Adds a state.
     *
     * @param parent the number of the state before it; -1 for the first
     * @return its number, from 0; -1 when it was there
     */
    int add(Bits bits, int parent, int move) {
        int slot = slot(bits);
        if (slots[slot] >= 0) {
            return -1;
        }
        if (size == high.length) {
            grow();
            slot = slot(bits);
        }
        high[size] = bits.high();
        low[size] = bits.low();
        parents[size] = parent;
        moves[size] = move;
        slots[slot] = size;
        return size++;
    }

    int size() {
        return size;
    }

    int parent(int state) {
        return parents[state];
    }

    Move move(int state) {
        return Move.unpacked(moves[state]);
    }

    private int slot(Bits bits) {
        int mask = slots.length - 1;
        int slot = (int) bits.low() & mask;
        while (slots[slot] >= 0
                && (low[slots[slot]] != bits.low() || high[slots[slot]] != bits.high())) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        int wider = high.length * 2;
        high = Arrays.copyOf(high, wider);
        low = Arrays.copyOf(low, wider);
        parents = Arrays.copyOf(parents, wider);
        moves = Arrays.copyOf(moves, wider);
        slots = filled(wider * 2);
        int mask = slots.length - 1;
        for (int state = 0; state < size; state++) {
            int slot = (int) low[state] & mask;
            while (slots[slot] >= 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = state;
        }
    }

    private static int[] filled(int size) {
        int[] slots = new int[size];
        Arrays.fill(slots, -1);
        return slots;
    }
}
