package org.evergrant.simulation.model;

/**
 * One thing that can happen next.
 *
 * @param kind what
 * @param node which node does it; 0 where none does
 * @param which the place of the request in the network, of the token in the record or of the ask; *
 *     0 where there is none
 */
record Move(Kind kind, int node, int which) {
    private static final Kind[] KINDS = Kind.values();

    /** What can happen. */
    enum Kind {
        TICK,
        READ,
        CLAIM,
        CLAIM_UNHEARD,
        SEND,
        STALL,
        WAKE,
        SEND_STALLED,
        LET_GO,
        ARRIVE,
        NEVER_ARRIVE,
        ANSWER,
        LOSE,
        REFUSE,
        PUBLISH,
        PUBLISH_UNHEARD,
        REPORT,
        WRONG_REPORT,
        CRASH,
        RIVAL,
        STORE_AWAY,
        STORE_BACK
    }

    /** Packs the move into a number, for the millions of them that are kept. */
    @SuppressWarnings("EnumOrdinal") // The number never leaves this process.
    int packed() {
        return (kind.ordinal() << 16) | (node << 8) | which;
    }

    @SuppressWarnings("EnumOrdinal")
    static Move unpacked(int packed) {
        return new Move(KINDS[packed >> 16], (packed >> 8) & 255, packed & 255);
    }
}
