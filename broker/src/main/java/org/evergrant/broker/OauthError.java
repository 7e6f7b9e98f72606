package org.evergrant.broker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An answer that RFC 6749 section 5.2, or RFC 8707 for {@code invalid_target}, has a word for.
 * Thrown where it is found, written in one place. The description goes to the caller.
 */
final class OauthError extends RuntimeException {
    /** How callers and metrics tell them apart. */
    enum Kind {
        INVALID_REQUEST(400, "Bad Request"),
        INVALID_CLIENT(401, "Invalid client_id or client_secret"),
        UNAUTHORIZED_CLIENT(400, "Unauthorized client"),
        UNSUPPORTED_GRANT_TYPE(400, "unsupported grant type"),
        INVALID_TARGET(400, "Bad Request"),
        ACCESS_DENIED(403, "Forbidden"),
        NOT_FOUND(404, "Not Found"),
        METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
        PAYLOAD_TOO_LARGE(413, "Payload Too Large"),
        BAD_GATEWAY(502, "Bad Gateway"),
        GATEWAY_TIMEOUT(504, "Gateway Timeout"),
        TEMPORARILY_UNAVAILABLE(503, "Service Unavailable"),
        SERVER_ERROR(503, "Service Unavailable");

        private final int status;
        private final String reason;

        Kind(int status, String reason) {
            this.status = status;
            this.reason = reason;
        }

        int status() {
            return status;
        }

        /** Returns what Zoom would call it. */
        String reason() {
            return reason;
        }

        /** Returns the {@code error} on the wire. */
        String word() {
            return switch (this) {
                case PAYLOAD_TOO_LARGE -> "invalid_request";
                default -> name().toLowerCase(java.util.Locale.ROOT);
            };
        }
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;
    private final @Nullable String allow;

    private OauthError(
            Kind kind, String description, @Nullable Duration retryAfter, @Nullable String allow) {
        super(description, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
        this.allow = allow;
    }

    static OauthError of(Kind kind, String description) {
        return new OauthError(kind, description, null, null);
    }

    static OauthError invalidRequest(String description) {
        return of(Kind.INVALID_REQUEST, description);
    }

    static OauthError invalidClient() {
        return of(
                Kind.INVALID_CLIENT,
                "the name or the secret is wrong: send a caller's, or the app's own client id and"
                        + " secret");
    }

    static OauthError notFound(String description) {
        return of(Kind.NOT_FOUND, description);
    }

    static OauthError methodNotAllowed(String allow) {
        return new OauthError(
                Kind.METHOD_NOT_ALLOWED, "this address takes " + allow + " only", null, allow);
    }

    static OauthError unavailable(Kind kind, String description, Duration retryAfter) {
        return new OauthError(kind, description, retryAfter, null);
    }

    Kind kind() {
        return kind;
    }

    String description() {
        return String.valueOf(getMessage());
    }

    /**
     * Returns after how many seconds to ask again: whole, at least 1; null where that is no use.
     */
    @Nullable Long retryAfterSeconds() {
        return retryAfter == null ? null : Math.max(1, retryAfter.plusMillis(999).toSeconds());
    }

    @Nullable String allow() {
        return allow;
    }
}
