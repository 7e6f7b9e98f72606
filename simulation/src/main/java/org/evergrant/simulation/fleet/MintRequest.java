package org.evergrant.simulation.fleet;

import org.evergrant.spi.Claim;
import org.jspecify.annotations.Nullable;

/**
 * A mint of ours on its way.
 *
 * @param rule the retention that holds for it: as configured, or the stricter one that the nodes
 *     had seen by then
 * @param claim in the store's record when it was sent; {@code null} when that was nobody's of this
 *     machine, as when it mints alone
 * @param claimedUntil when the claim runs out
 * @param sentAt when it was sent
 * @param isLate whether its machine stalled between its last look and the sending, so that it was
 *     sent later than a mint of that claim may be
 * @param arrivesAt when it arrives at the provider; {@code Long.MAX_VALUE} for never
 */
record MintRequest(
        int app,
        int machine,
        int index,
        Rule rule,
        @Nullable Claim claim,
        long claimedUntil,
        long sentAt,
        boolean isLate,
        long arrivesAt) {

    /** Returns whether its claim cannot have held any more when it arrived. */
    boolean isStalled() {
        return isLate || arrivesAt >= claimedUntil;
    }
}
