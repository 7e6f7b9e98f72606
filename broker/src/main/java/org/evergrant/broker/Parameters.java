package org.evergrant.broker;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, from its query and its form together. */
final class Parameters {
    /** More than any request needs. */
    private static final int MOST = 100;

    /** They would end up in logs on the way. */
    private static final Set<String> NOT_IN_QUERY = Set.of("client_secret", "token");

    private final Map<String, String> values = new HashMap<>();
    private final Set<String> contradicted = new HashSet<>();

    private Parameters() {}

    /**
     * Reads both, whatever the content type says.
     *
     * @throws OauthError when an escape such as {@code %41} is malformed, a secret is in the query,
     *     or there are too many
     */
    static Parameters of(@Nullable String query, String form) {
        Parameters parameters = new Parameters();
        if (query != null) {
            parameters.read(query);
            for (String name : NOT_IN_QUERY) {
                if (parameters.values.containsKey(name)) {
                    throw OauthError.invalidRequest(
                            name + " must not be in the query: send it in the form");
                }
            }
        }
        parameters.read(form);
        return parameters;
    }

    private void read(String text) {
        int from = 0;
        while (from < text.length()) {
            int ampersand = text.indexOf('&', from);
            int end = ampersand < 0 ? text.length() : ampersand;
            int equals = text.indexOf('=', from);
            if (equals >= 0 && equals < end) {
                add(text.substring(from, equals), text.substring(equals + 1, end));
            }
            from = end + 1;
        }
    }

    private void add(String rawName, String rawValue) {
        String name;
        String value;
        try {
            name = decoded(rawName);
            value = decoded(rawValue);
        } catch (IllegalArgumentException malformed) {
            throw OauthError.invalidRequest("a malformed %-escape in the parameters");
        }
        String before = values.putIfAbsent(name, value);
        if (before != null && !before.equals(value)) {
            contradicted.add(name);
        }
        if (values.size() > MOST) {
            throw OauthError.invalidRequest("more than " + MOST + " parameters");
        }
    }

    /**
     * Returns the parameter; null when it is not there or empty, as RFC 6749 section 3.2 has it.
     *
     * @throws OauthError when it was given twice with two values
     */
    @Nullable String get(String name) {
        if (contradicted.contains(name)) {
            throw OauthError.invalidRequest(name + " is given twice, with two values");
        }
        String value = values.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    static boolean isPlain(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0;
    }

    static String decoded(String text) {
        return isPlain(text) ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
