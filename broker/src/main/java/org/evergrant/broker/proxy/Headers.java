package org.evergrant.broker.proxy;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Which header fields go on, in either direction. */
final class Headers {
    /** They are about one connection (RFC 9110 section 7.6.1). */
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "proxy-authenticate",
                    "proxy-authentication-info",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings");

    /**
     * Of a caller, besides: its credentials, its cookies, and what is written anew. What it says of
     * addresses on the way could be anything.
     */
    private static final Set<String> OF_THE_CALLER =
            Set.of(
                    "host",
                    "authorization",
                    "cookie",
                    "cookie2",
                    "content-length",
                    "expect",
                    "via",
                    "accept-encoding",
                    "forwarded",
                    "x-forwarded-for",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "x-forwarded-proto",
                    "x-real-ip");

    /**
     * Of an API, besides: its cookies, which would be one for all callers, and what it says about
     * its own origin.
     */
    private static final Set<String> OF_THE_API =
            Set.of(
                    "set-cookie",
                    "set-cookie2",
                    "alt-svc",
                    "strict-transport-security",
                    "content-length",
                    "location",
                    "via");

    private Headers() {}

    /** Copies what may go on from a caller. */
    static void copyRequest(MultiMap from, MultiMap to) {
        copy(from, to, OF_THE_CALLER);
    }

    /** Copies what may go on to a caller. */
    static void copyResponse(MultiMap from, MultiMap to) {
        copy(from, to, OF_THE_API);
    }

    private static void copy(MultiMap from, MultiMap to, Set<String> also) {
        Set<String> nominated = nominated(from);
        from.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(lower)
                    && !also.contains(lower)
                    && !nominated.contains(lower)
                    && !lower.startsWith(":")) {
                to.add(name, value);
            }
        });
    }

    /** Returns what {@code Connection} names, in lower case. */
    static Set<String> nominated(MultiMap headers) {
        if (!headers.contains("Connection")) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        for (String line : headers.getAll("Connection")) {
            for (String name : line.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
