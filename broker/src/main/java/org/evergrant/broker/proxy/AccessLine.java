package org.evergrant.broker.proxy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the access log says of a call: {@code key=value}, in a fixed order, no value with a space.
 */
final class AccessLine {
    private AccessLine() {}

    /**
     * Returns the line.
     *
     * @param hidden the query parameters whose values are not shown; null for all
     */
    static String of(String app, Ended call, @Nullable Set<String> hidden) {
        ApiPath path = call.path();
        return Instant.now().truncatedTo(ChronoUnit.MILLIS)
                + " app="
                + app
                + " caller="
                + plain(call.caller())
                + " method="
                + call.request().method().name()
                + " path="
                + (path == null ? "-" : path.path() + query(path.query(), hidden))
                + " status="
                + call.status()
                + " replayed="
                + call.replayed()
                + " wait_ms="
                + ms(call.waitNs())
                + " upstream_ms="
                + ms(call.upstreamNs());
    }

    private static String ms(long nanos) {
        return nanos < 0 ? "-" : String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    }

    /** Names come from the configuration, a JWT's among them; none may forge a field. */
    private static String plain(String name) {
        return name.replaceAll("[^\\x21-\\x7e]", "?");
    }

    private static String query(String query, @Nullable Set<String> hidden) {
        if (query.isEmpty()) {
            return "";
        }
        StringBuilder shown = new StringBuilder();
        for (String pair : query.substring(1).split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals);
            // What has no name is all value.
            boolean hide = hidden == null || equals < 0 || hidden.contains(decoded(name));
            shown.append(shown.isEmpty() ? '?' : '&');
            shown.append(hide ? name + (equals < 0 ? "*" : "=*") : pair);
        }
        return shown.toString();
    }

    /** A name that is spelled with escapes is hidden all the same. */
    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return name;
        }
    }
}
