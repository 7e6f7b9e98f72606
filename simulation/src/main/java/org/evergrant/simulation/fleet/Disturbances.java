package org.evergrant.simulation.fleet;

import java.util.Arrays;

/** Until when machines and the store were last not themselves. */
final class Disturbances {
    /** A machine stands still for so long at most. */
    static final long LONGEST_STALL = 20 * Span.MINUTE;

    /** A machine is suspended for so long at most. */
    static final long LONGEST_SUSPENSION = 12 * Span.HOUR;

    /** The store's clock jumps by so much at most. */
    static final long LONGEST_JUMP = 5 * Span.SECOND;

    /** Before all time, with room to subtract from. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Agenda agenda;
    private final long[] suspendedUntil;
    private final long[] stalledUntil;
    private final long[] cutOffUntil;
    private long storeDisturbedUntil = NEVER;
    private long storeJumpedAt = NEVER;

    Disturbances(Agenda agenda, int machines) {
        this.agenda = agenda;
        suspendedUntil = never(machines);
        stalledUntil = never(machines);
        cutOffUntil = never(machines);
    }

    private static long[] never(int machines) {
        long[] all = new long[machines];
        Arrays.fill(all, NEVER);
        return all;
    }

    void suspended(int machine, long nanos) {
        suspendedUntil[machine] = Math.max(suspendedUntil[machine], agenda.now() + nanos);
    }

    void stalled(int machine, long nanos) {
        stalledUntil[machine] = Math.max(stalledUntil[machine], agenda.now() + nanos);
    }

    /** This machine does not reach the store, and knows so long from now. */
    void cutOff(int machine, long nanos) {
        cutOffUntil[machine] = Math.max(cutOffUntil[machine], agenda.now() + nanos);
    }

    void store(long nanos) {
        storeDisturbedUntil = Math.max(storeDisturbedUntil, agenda.now() + nanos);
    }

    void storeJumped() {
        storeJumpedAt = agenda.now();
        store(0);
    }

    boolean wasSuspended(int machine, long since) {
        return suspendedUntil[machine] >= since;
    }

    boolean hasStoreJumped(long since) {
        return storeJumpedAt >= since;
    }

    boolean wasStalled(int machine, long since) {
        return stalledUntil[machine] >= since;
    }

    /** Returns until when this machine did not reach the store as it should. */
    long cutOffUntil(int machine) {
        return Math.max(cutOffUntil[machine], storeDisturbedUntil);
    }

    /**
     * Returns whether a machine may have acted since then on not having reached the store: a try
     * that failed before it stood still, or was suspended, is its last one when it goes on.
     */
    boolean wasCutOffSince(int machine, long since) {
        return cutOffUntil(machine) >= since - stood(machine, since, since);
    }

    /**
     * Returns whether a machine may act on not having reached the store {@code within} the last
     * time; it may stand still between its last try and the act, or be suspended, and takes as long
     * to find back then.
     */
    boolean wasCutOff(int machine, long within) {
        long now = agenda.now();
        return now - cutOffUntil(machine)
                < within + stood(machine, now - within, now - Span.SECOND);
    }

    /** Returns how long a machine may have stood that was suspended or stalled since then. */
    private long stood(int machine, long suspendedSince, long stalledSince) {
        return wasSuspended(machine, suspendedSince)
                ? LONGEST_SUSPENSION
                : wasStalled(machine, stalledSince) ? LONGEST_STALL : 0;
    }
}
