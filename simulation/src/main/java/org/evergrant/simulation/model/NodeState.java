package org.evergrant.simulation.model;

import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter;
import org.jspecify.annotations.Nullable;

/**
 * One node: the record as it last saw it, and how far it is with a mint of its own.
 *
 * @param id new for every start
 * @param version of {@code copy}
 * @param copy the record as last read; {@code null} before the first look
 */
record NodeState(String id, int version, @Nullable AppRecord copy, Work work) {

    /** How far a node is with a mint. */
    sealed interface Work {}

    /** No mint of its own. */
    record Idle() implements Work {}

    /** The claim is written, the mint not yet sent. */
    record Claimed(Claim claim) implements Work {}

    /** The mint is sent. */
    record Sent(Claim claim, int at) implements Work {}

    /** The mint is answered, or given up, and what came of it not yet written. */
    record Answered(Claim claim, Minter.Answer answer) implements Work {}

    static final Idle IDLE = new Idle();

    static NodeState starting(String id) {
        return new NodeState(id, -1, null, IDLE);
    }

    NodeState seeing(int changedVersion, AppRecord record) {
        return new NodeState(id, changedVersion, record, work);
    }

    NodeState doing(Work changed) {
        return new NodeState(id, version, copy, changed);
    }

    boolean isIdle() {
        return work instanceof Idle;
    }

    /** Returns the name without the number of the start. */
    char letter() {
        return id.charAt(0);
    }
}
