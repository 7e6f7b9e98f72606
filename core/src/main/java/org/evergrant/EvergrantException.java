package org.evergrant;

import org.jspecify.annotations.Nullable;

/**
 * Why no token can be had. There is one subtype for each reaction a caller can have: {@link
 * MisconfiguredException} when a person must act, {@link TryLaterException} when the provider is
 * away or must not be asked yet, {@link StoreException} when the store is away.
 */
public abstract sealed class EvergrantException extends RuntimeException
        permits MisconfiguredException, TryLaterException, StoreException {
    EvergrantException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
