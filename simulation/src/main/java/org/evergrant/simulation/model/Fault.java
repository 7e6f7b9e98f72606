package org.evergrant.simulation.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What may go wrong, each at most as often as the {@link Bounds} say. */
enum Fault {
    /** A node dies and comes back under another id, knowing nothing. */
    CRASH("crashes"),
    /** A mint, or the answer to one, is lost on the way. */
    LOST("lost answers"),
    /** Somebody else mints with the same credentials. */
    RIVAL("mints of a rival"),
    /** A node with a mint under way stands still, for as long as it likes. */
    STALL("stalls"),
    /** The provider answers that it did not mint. */
    REFUSAL("refused mints"),
    /** The store writes, and its answer is lost. */
    UNHEARD("lost answers of the store"),
    /** The API answers 401 for a token that lives. */
    WRONG_401("401s not about the token"),
    /** A caller asks for more than any token: for much life, or for a newer one. */
    PICKY_ASK("asks for a newer token"),
    /** The store cannot be reached for a while. */
    STORE_AWAY("store outages");

    private final String many;

    Fault(String many) {
        this.many = many;
    }

    /** Returns the fault of this name, such as {@code wrong-401}. */
    static Fault parse(String name) {
        for (Fault fault : values()) {
            if (fault.word().equals(name)) {
                return fault;
            }
        }
        throw new IllegalArgumentException(
                "fault "
                        + name
                        + " (expected: "
                        + Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", "))
                        + ")");
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns where its count stands among four bits for each fault. */
    @SuppressWarnings("EnumOrdinal") // The number never leaves this process.
    int shift() {
        return 4 * ordinal();
    }

    /** Returns the words for several of them. */
    String many() {
        return many;
    }
}
