package org.evergrant.broker.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Calls that may be forwarded: a method, or {@code *} for any, and a pattern for the path below the
 * API's base. {@code *} stands for one segment, {@code **} at the end for any number of them.
 *
 * @param method in upper case, or {@code *}
 * @param segments of the pattern, without the slashes
 */
public record Allow(String method, List<String> segments) {
    private static final String ANY = "*";
    private static final String REST = "**";

    /** Methods that cannot be forwarded are none that can be allowed. */
    private static final Pattern METHOD = Pattern.compile("\\*|(?!TRACE|CONNECT)[A-Z]{1,20}");

    private static final Pattern SEGMENT = Pattern.compile("\\*|[A-Za-z0-9._~!$&'()+,;=:@%-]+");

    private static final String FORM =
            " (expected: METHOD /path like GET /v2/users/**, * for one segment, ** at the end for"
                    + " the rest)";

    /** Copies the list. */
    public Allow {
        segments = List.copyOf(segments);
    }

    /**
     * Returns the rule that {@code text} is.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Allow parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 2 || !METHOD.matcher(parts[0]).matches() || !parts[1].startsWith("/")) {
            throw new IllegalArgumentException(Shown.quoted(text) + FORM);
        }
        List<String> segments = List.of(parts[1].substring(1).split("/", -1));
        for (int i = 0; i < segments.size(); i++) {
            boolean last = i == segments.size() - 1;
            String segment = segments.get(i);
            boolean known =
                    SEGMENT.matcher(segment).matches()
                            || (last && (segment.equals(REST) || segment.isEmpty()));
            if (!known || segment.matches("\\.\\.?")) {
                throw new IllegalArgumentException(Shown.quoted(text) + FORM);
            }
        }
        return new Allow(parts[0], segments);
    }

    /**
     * Returns whether the rule is for this call.
     *
     * @param path normalised: no dot segment, no empty segment but at the end, escapes only where
     *     they are needed
     */
    public boolean covers(String calledMethod, String path) {
        return (method.equals(ANY) || method.equals(calledMethod)) && coversPath(path);
    }

    private boolean coversPath(String path) {
        int from = 1;
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.equals(REST)) {
                return true;
            }
            if (from > path.length()) {
                return false;
            }
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            boolean same =
                    segment.equals(ANY)
                            ? end > from
                            : end - from == segment.length() && path.startsWith(segment, from);
            if (!same) {
                return false;
            }
            from = end + 1;
        }
        return from > path.length();
    }
}
