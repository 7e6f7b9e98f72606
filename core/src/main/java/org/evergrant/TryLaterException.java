package org.evergrant;

import java.time.Duration;
import java.time.Instant;

/** No token can be had yet; ask again after {@link #retryAfter}. */
public final class TryLaterException extends EvergrantException {
    private final Instant retryAt;
    private final Duration retryAfter;

    /**
     * Makes one.
     *
     * @param retryAt the instant on the store's clock before which asking again is of no use
     * @param retryAfter the same as a time from now; zero when it may be asked at once
     */
    public TryLaterException(String message, Instant retryAt, Duration retryAfter) {
        super(message, null);
        this.retryAt = retryAt;
        this.retryAfter = retryAfter.isNegative() ? Duration.ZERO : retryAfter;
    }

    /** Returns the instant on the store's clock before which asking again is of no use. */
    public Instant retryAt() {
        return retryAt;
    }

    /** Returns how long that was, when the exception was made; zero or more. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
