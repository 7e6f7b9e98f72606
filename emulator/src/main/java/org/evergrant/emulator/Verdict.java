package org.evergrant.emulator;

import java.util.Locale;

/** What the provider knows about a token that was sent to its API. */
enum Verdict {
    LIVE,
    /** It reached its natural end. */
    EXPIRED,
    /** A later mint killed it, or its grace after that mint is over. */
    DISPLACED,
    /** It was revoked, or its app was deactivated. */
    REVOKED,
    /** Never minted here, changed on the way, or dead for so long that it was forgotten. */
    UNKNOWN,
    /** No bearer token in the request's header. */
    MISSING,
    /** A live token in the query, where it is not allowed. */
    IN_QUERY,
    /** A live token, refused because the app's {@code reject_all} switch is on. */
    REFUSED,
    /** A live token that lacks a scope. */
    SCOPE;

    private final String text = name().toLowerCase(Locale.ROOT);

    String text() {
        return text;
    }
}
