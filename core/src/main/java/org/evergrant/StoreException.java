package org.evergrant;

import org.jspecify.annotations.Nullable;

/** The store is away: it cannot be reached, is full or read-only, or its answer was lost. */
public final class StoreException extends EvergrantException {
    /** Makes one that names the store and what it said. */
    public StoreException(String message) {
        super(message, null);
    }

    /** Makes one with the failure behind it. */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
