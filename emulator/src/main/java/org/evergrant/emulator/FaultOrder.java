package org.evergrant.emulator;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An order that the next mints suffer a fault.
 *
 * @param fault the fault
 * @param count how many mints suffer it, at least 1
 * @param clientId the app whose mints are meant; all apps if null
 * @param retryAfter for {@link Fault#TOO_MANY} and the two 500s: what {@code Retry-After} says; no
 *     such header if null
 * @param retryAfterAs how it says it
 * @param delay for {@link Fault#SLOW}: how late the answer is
 */
public record FaultOrder(
        Fault fault,
        int count,
        @Nullable String clientId,
        @Nullable Duration retryAfter,
        RetryAfterForm retryAfterAs,
        Duration delay) {
    /** Late enough for most deadlines of clients. */
    private static final Duration DEFAULT_DELAY = Duration.ofSeconds(5);

    /**
     * How {@code Retry-After} says when: RFC 9110 has the first two, Zoom's daily limit the third.
     */
    public enum RetryAfterForm {
        /** {@code 30}. */
        SECONDS,
        /** {@code Tue, 24 Nov 2026 02:00:00 GMT}. */
        HTTP_DATE,
        /** {@code 2026-11-24T02:00:00Z}. */
        ISO_8601
    }

    /** Checks the count and that no duration is negative. */
    public FaultOrder {
        Objects.requireNonNull(fault, "fault");
        Objects.requireNonNull(retryAfterAs, "retryAfterAs");
        if (count < 1) {
            throw new IllegalArgumentException("count: " + count + " (expected: 1 or more)");
        }
        if (delay.isNegative() || (retryAfter != null && retryAfter.isNegative())) {
            throw new IllegalArgumentException("a negative duration (expected: zero or more)");
        }
    }

    /** The next {@code count} mints of any app suffer the fault. */
    public static FaultOrder of(Fault fault, int count) {
        return new FaultOrder(fault, count, null, null, RetryAfterForm.SECONDS, DEFAULT_DELAY);
    }

    /** The same, for one app only. */
    public FaultOrder forApp(String client) {
        return new FaultOrder(fault, count, client, retryAfter, retryAfterAs, delay);
    }

    /** The same, with a {@code Retry-After} header. */
    public FaultOrder retryAfter(Duration after, RetryAfterForm form) {
        return new FaultOrder(fault, count, clientId, after, form, delay);
    }

    /** The same, answered that late. */
    public FaultOrder delay(Duration late) {
        return new FaultOrder(fault, count, clientId, retryAfter, retryAfterAs, late);
    }

    FaultOrder less() {
        return new FaultOrder(fault, count - 1, clientId, retryAfter, retryAfterAs, delay);
    }
}
