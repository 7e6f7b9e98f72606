package org.evergrant.simulation.model;

import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter;

/**
 * One node: how far it is with a mint of its own.
 *
 * @param id new for every start
 * @param isStalled whether it stands still: stopped, swapped out, paused
 */
record NodeState(String id, Work work, boolean isStalled) {

    /** How far a node is with a mint. */
    sealed interface Work {}

    /** No mint of its own. */
    record Idle() implements Work {}

    /** The claim is written, the mint not yet sent. */
    record Claimed(Claim claim) implements Work {}

    /** The mint is sent. */
    record Sent(Claim claim) implements Work {}

    /** The mint is answered, or given up, and what came of it not yet written. */
    record Answered(Claim claim, Minter.Answer answer) implements Work {}

    static final Idle IDLE = new Idle();

    static NodeState starting(String id) {
        return new NodeState(id, IDLE, false);
    }

    NodeState doing(Work changed) {
        return new NodeState(id, changed, isStalled);
    }

    NodeState stalled(boolean changed) {
        return new NodeState(id, work, changed);
    }

    /** Returns whether there is something that it does at once. */
    boolean isBusy() {
        return !isStalled && (work instanceof Claimed || work instanceof Answered);
    }

    boolean isIdle() {
        return work instanceof Idle;
    }

    /** Returns the id of the next start. */
    String nextId() {
        return id.charAt(0) + String.valueOf(Integer.parseInt(id.substring(1)) + 1);
    }
}
