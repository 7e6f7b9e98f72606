package org.evergrant.simulation.model;

/** What may go wrong, each at most as often as the {@link Bounds} say. */
enum Fault {
    /** A node dies and comes back under another id, knowing nothing. */
    CRASH("crashes"),
    /** A mint, or the answer to one, is lost on the way. */
    LOST("lost answers"),
    /** Somebody else mints with the same credentials. */
    RIVAL("mints of a rival"),
    /** A node stands still between its last look at the claim and the sending of the mint. */
    STALL("stalls before sending"),
    /** The provider answers that it did not mint. */
    REFUSAL("refused mints"),
    /** The store writes, and its answer is lost. */
    UNHEARD("lost answers of the store"),
    /** The API answers 401 for a token that lives. */
    WRONG_401("401s not about the token"),
    /** The store cannot be reached for a while. */
    STORE_AWAY("store outages");

    private final String many;

    Fault(String many) {
        this.many = many;
    }

    /** Returns the words for several of them. */
    String many() {
        return many;
    }
}
