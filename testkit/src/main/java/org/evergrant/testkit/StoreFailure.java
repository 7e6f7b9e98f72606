package org.evergrant.testkit;

import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;

/**
 * What can happen to a store. For each of these every store has to show in a {@link StoreLane} how
 * it fails and how it is well again, or to say why it cannot happen to it.
 */
public enum StoreFailure {
    /** Connections are cut while calls are under way. */
    CUT(StoreException.class),

    /** There is no room for another byte. */
    FULL(StoreException.class),

    /** It can be read and not written. */
    READ_ONLY(StoreException.class),

    /** Its answer takes longer than a caller waits. */
    LATE(StoreException.class),

    /** A newer Evergrant wrote the record, in a format that this one does not know. */
    NEWER_RECORD(MisconfiguredException.class),

    /** A newer Evergrant changed what the records lie in. */
    NEWER_SCHEMA(MisconfiguredException.class);

    private final Class<? extends EvergrantException> type;

    StoreFailure(Class<? extends EvergrantException> type) {
        this.type = type;
    }

    /** Returns what every store throws. */
    public Class<? extends EvergrantException> type() {
        return type;
    }
}
