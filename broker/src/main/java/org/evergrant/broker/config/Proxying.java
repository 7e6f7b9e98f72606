package org.evergrant.broker.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the proxy shows itself, for all apps.
 *
 * @param via what it calls itself in {@code Via} (RFC 9110 section 7.6.3); empty for no {@code Via}
 * @param forwarded what it tells an API about the caller's address
 * @param accessLog where each call is noted; null for nowhere, {@link #STDOUT} for standard output
 */
public record Proxying(String via, Forwarded forwarded, @Nullable Path accessLog) {

    /** What an API is told about where a call came from. */
    public enum Forwarded {
        /** Nothing; what the caller says of it is dropped too. */
        NONE,
        /** {@code Forwarded}, RFC 7239. */
        FORWARDED,
        /** {@code X-Forwarded-For}, {@code -Proto} and {@code -Host}. */
        X_FORWARDED
    }

    /** Stands for standard output among the places of an access log. */
    public static final Path STDOUT = Path.of("stdout");

    /** What there is when the configuration says nothing. */
    public static final Proxying USUAL = new Proxying("evergrant", Forwarded.NONE, null);
}
