package org.evergrant.cli;

/**
 * What one way has come to.
 *
 * @param calls all calls, the failed ones among them
 * @param failed the API did not answer 200, or there was no token to call it with
 */
record DemoCounts(long calls, long failed) {
    static final DemoCounts NONE = new DemoCounts(0, 0);

    DemoCounts plus(DemoCounts other) {
        return new DemoCounts(calls + other.calls, failed + other.failed);
    }
}
