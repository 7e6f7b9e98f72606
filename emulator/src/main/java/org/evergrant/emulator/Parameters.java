package org.evergrant.emulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request, from its query and its body together: Zoom takes them from either,
 * and clients split them. Where one is repeated, its first value counts, the query before the body.
 */
final class Parameters {
    /** More than any request needs; the rest is not looked at. */
    private static final int MAX_PARAMETERS = 100;

    private final Map<String, String> values = new HashMap<>();

    private Parameters() {}

    /**
     * Reads both, whatever the content type says.
     *
     * @throws IllegalArgumentException if an escape such as {@code %41} is malformed
     */
    static Parameters of(@Nullable String query, String body) {
        Parameters parameters = new Parameters();
        if (query != null) {
            parameters.read(query);
        }
        parameters.read(body);
        return parameters;
    }

    /** Those of the query alone; nothing if it is malformed. */
    static @Nullable Parameters ofQuery(@Nullable String query) {
        try {
            return of(query, "");
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void read(String text) {
        int from = 0;
        while (from < text.length() && values.size() < MAX_PARAMETERS) {
            int end = text.indexOf('&', from);
            end = end < 0 ? text.length() : end;
            int equals = text.indexOf('=', from);
            if (equals >= 0 && equals < end) {
                values.putIfAbsent(
                        decoded(text.substring(from, equals)),
                        decoded(text.substring(equals + 1, end)));
            }
            from = end + 1;
        }
    }

    @Nullable String first(String name) {
        return values.get(name);
    }

    static String decoded(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0
                ? text
                : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
