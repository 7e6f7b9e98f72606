package org.evergrant.broker.proxy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a call is not forwarded, or has no answer. The description goes to the caller. */
public final class Refusal extends RuntimeException {
    /** What the caller can do about it. */
    public enum Kind {
        /** The request cannot be forwarded as it is. */
        BAD_REQUEST,
        /** The configuration does not allow this call. */
        DENIED,
        /** The method is never forwarded. */
        METHOD,
        /** There is no such API. */
        NOT_FOUND,
        /** Too many calls wait already. */
        BUSY,
        /** The API could not be reached, or cut the connection. */
        NO_ANSWER,
        /** The API did not answer in time. */
        TOO_LATE
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;

    Refusal(Kind kind, String description, @Nullable Duration retryAfter) {
        super(description, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    static Refusal of(Kind kind, String description) {
        return new Refusal(kind, description, null);
    }

    static Refusal badRequest(String description) {
        return of(Kind.BAD_REQUEST, description);
    }

    /** Returns the kind. */
    public Kind kind() {
        return kind;
    }

    /** Returns the text for the caller. */
    public String description() {
        return String.valueOf(getMessage());
    }

    /** Returns when to try again, where that is known. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
