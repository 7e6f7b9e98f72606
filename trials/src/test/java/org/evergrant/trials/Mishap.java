package org.evergrant.trials;

import java.time.Instant;

/**
 * Something that was done to a process, or to the store of all of them.
 *
 * @param pid of the process; {@link #EVERYBODY} where it was done to the store
 * @param from when it began, or a little before
 * @param to when it was over, or a little after
 */
record Mishap(Kind kind, long pid, Instant from, Instant to) {
    static final long EVERYBODY = 0;

    /** What can be done. */
    enum Kind {
        /** {@code kill -9}. */
        KILLED,
        /** Started again after it was killed, and not ready yet. */
        STARTING,
        /** Stopped, and let go on. */
        FROZEN,
        /** Its connections to the store were reset, and no new ones let through. */
        CUT,
        /** Its connections to the store were silent. */
        SILENT,
        /** Its connections to the store were slow. */
        SLOW,
        /** The store's server was started again. */
        RESTARTED,
        /** The store's primary was killed, and its replica took over. */
        FAILED_OVER
    }

    /** Returns whether it was done to this process, alone or with all others. */
    boolean concerns(long process) {
        return pid == EVERYBODY || pid == process;
    }

    /** Returns whether a part of it lies between the two instants. */
    boolean touches(Instant begin, Instant end) {
        return !to.isBefore(begin) && !from.isAfter(end);
    }
}
