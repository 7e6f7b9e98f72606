package org.evergrant.simulation.fleet;

/**
 * What came of a seed.
 *
 * @param lines of the trace
 * @param digest of the trace
 * @param took in real nanoseconds
 */
record Outcome(Plan plan, Tally tally, long lines, String digest, long took) {

    /** Returns whether no rule was broken. */
    boolean isWell() {
        return tally.broken().isEmpty();
    }

    long nodeDays() {
        return (long) plan.machines() * plan.days();
    }
}
