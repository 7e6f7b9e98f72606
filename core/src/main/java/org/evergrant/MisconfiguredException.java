package org.evergrant;

import org.jspecify.annotations.Nullable;

/** A person must act: the provider refuses the app, or a file or value of ours is wrong. */
public final class MisconfiguredException extends EvergrantException {
    /** Makes one that says what is wrong and what to check. */
    public MisconfiguredException(String message) {
        super(message, null);
    }

    /** Makes one with the failure behind it. */
    public MisconfiguredException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
