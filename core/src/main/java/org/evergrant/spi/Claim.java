package org.evergrant.spi;

import java.time.Instant;

/**
 * "This node is minting at this index until then", written into the record before the mint is sent.
 *
 * @param node the node's id, new for every start of a process
 * @param index where it mints
 * @param at when the claim was made; the new token's life is counted from here
 * @param until when the claim runs out; later than the mint's own deadline
 * @param forced whether the mint answers a rejection
 * @param contested whether the answer to an older mint of ours came while this one was under way,
 *     so that the order in which the provider saw the two is unknown
 */
public record Claim(
        String node, int index, Instant at, Instant until, boolean forced, boolean contested) {

    /** Returns whether {@code other} is this claim, contested meanwhile or not. */
    public boolean isSame(Claim other) {
        return node.equals(other.node) && at.equals(other.at) && index == other.index;
    }

    /** Returns this claim, contested. */
    public Claim contest() {
        return new Claim(node, index, at, until, forced, true);
    }
}
