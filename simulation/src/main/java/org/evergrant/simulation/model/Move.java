package org.evergrant.simulation.model;

/**
 * One thing that can happen next.
 *
 * @param kind what
 * @param node which node does it; 0 where none does
 * @param which the place of the request in the network, of the token in the record or of the ask in
 *     {@link Moves#ASKS}; 0 where there is none
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
        SEND_STALLED,
        ARRIVE,
        NEVER_ARRIVE,
        ANSWER,
        LOSE,
        GIVE_UP,
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
    int packed() {
        return kind.ordinal() << 16 | node << 8 | which;
    }

    static Move unpacked(int packed) {
        return new Move(KINDS[packed >> 16], packed >> 8 & 255, packed & 255);
    }
}
