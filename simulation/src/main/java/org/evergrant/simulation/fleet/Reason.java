package org.evergrant.simulation.fleet;

/** Why a mint was claimed, told from the record as it was before. */
enum Reason {
    PLANNED("planned: four fifths of the life were over"),
    COLD("there was no token, or it had expired"),
    REJECTED("forced: the newest token was rejected"),
    DOUBTED("the newest token was suspect, or a mint was in doubt"),
    ASKED("a caller asked for a newer token, or for more life"),
    ALONE("a node minted alone while its store was away"),
    WASTED("for no reason");

    private final String words;

    Reason(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
