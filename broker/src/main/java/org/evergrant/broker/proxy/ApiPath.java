package org.evergrant.broker.proxy;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where a call goes below the base of its API, checked and written in one way (RFC 3986 section
 * 6.2.2): what a rule is compared with is what is sent.
 *
 * <p>Refused is whatever two programs may read differently: dot segments, plain, encoded, encoded
 * again or with parameters; encoded slashes, backslashes and control characters; empty segments.
 * {@code %252F} is let through: Zoom wants the ids of some meetings encoded twice.
 *
 * @param path begins with a slash
 * @param query with its question mark; empty where there is none
 */
record ApiPath(String path, String query) {
    /** The characters of a segment that stand for themselves. */
    private static final boolean[] PLAIN = new boolean[128];

    /** Those that need no escape (RFC 3986 section 2.3). */
    private static final boolean[] UNRESERVED = new boolean[128];

    /** Nothing that is meant is encoded more often. */
    private static final int MOST_ENCODINGS = 3;

    private static final Pattern SLASHES = Pattern.compile("[/\\\\]");

    static {
        for (char c = '!'; c <= '~'; c++) {
            boolean word =
                    (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            UNRESERVED[c] = word || "-._~".indexOf(c) >= 0;
            PLAIN[c] = UNRESERVED[c] || "!$&'()*+,;=:@".indexOf(c) >= 0;
        }
    }

    /**
     * Returns the path and query that begin at {@code from} in a request's target.
     *
     * @throws Refusal when they could mean two things
     */
    static ApiPath of(String target, int from) {
        int question = target.indexOf('?', from);
        int end = question < 0 ? target.length() : question;
        return new ApiPath(
                path(target.substring(from, end)), question < 0 ? "" : query(target, question));
    }

    private static String query(String target, int from) {
        for (int i = from; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 127 || c == '#') {
                throw Refusal.badRequest("a character in the query that must be encoded");
            }
        }
        return target.substring(from);
    }

    private static String path(String raw) {
        if (raw.isEmpty()) {
            return "/";
        }
        StringBuilder path = new StringBuilder(raw.length());
        int from = 0;
        while (from < raw.length()) {
            int slash = raw.indexOf('/', from + 1);
            int end = slash < 0 ? raw.length() : slash;
            boolean last = end == raw.length();
            if (end == from + 1 && !last) {
                throw Refusal.badRequest("an empty segment in the path");
            }
            path.append('/');
            int begin = path.length();
            append(path, raw, from + 1, end);
            if (mayClimb(path, begin)) {
                throw Refusal.badRequest("a dot segment in the path");
            }
            from = end;
        }
        return path.toString();
    }

    private static void append(StringBuilder path, String raw, int from, int end) {
        for (int i = from; i < end; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int octet = i + 2 < end ? octet(raw, i + 1) : -1;
                if (octet < 0) {
                    throw Refusal.badRequest("a malformed %-escape in the path");
                }
                appendEscaped(path, octet);
                i += 2;
            } else if (c < 128 && PLAIN[c]) {
                path.append(c);
            } else {
                throw Refusal.badRequest("a character in the path that must be encoded");
            }
        }
    }

    private static void appendEscaped(StringBuilder path, int octet) {
        if (octet < ' ' || octet == 127 || octet == '/' || octet == '\\') {
            throw Refusal.badRequest("an encoded slash or control character in the path");
        }
        if (octet < 128 && UNRESERVED[octet]) {
            path.append((char) octet);
        } else {
            path.append('%').append(hex(octet >> 4)).append(hex(octet & 15));
        }
    }

    private static int octet(String text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }

    /** Returns whether somebody could take the segment that begins there for {@code ..}. */
    private static boolean mayClimb(StringBuilder path, int begin) {
        String segment = path.substring(begin);
        if (segment.indexOf('.') < 0 && segment.indexOf('%') < 0) {
            return false;
        }
        for (int i = 0; i < MOST_ENCODINGS; i++) {
            for (String part : SLASHES.split(segment, -1)) {
                int parameter = part.indexOf(';');
                String name = parameter < 0 ? part : part.substring(0, parameter);
                if (name.equals(".") || name.equals("..")) {
                    return true;
                }
            }
            String decoded = decoded(segment);
            if (decoded.equals(segment)) {
                return false;
            }
            segment = decoded;
        }
        return true;
    }

    /** Decodes what is an escape, and leaves what is none. */
    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int octet = text.charAt(i) == '%' && i + 2 < text.length() ? octet(text, i + 1) : -1;
            if (octet < 0) {
                plain.append(text.charAt(i));
            } else {
                plain.append(new String(new byte[] {(byte) octet}, StandardCharsets.ISO_8859_1));
                i += 2;
            }
        }
        return plain.toString();
    }
}
