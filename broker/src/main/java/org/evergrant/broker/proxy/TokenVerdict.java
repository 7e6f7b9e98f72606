package org.evergrant.broker.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Whether a 401 says that the token is dead; many say something else. */
final class TokenVerdict {
    /** As much of an answer as is read for this; real ones are a tenth of it. */
    static final int PEEK = 8 * 1024;

    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"?([0-9]{1,9})");
    private static final Pattern MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"([^\"\\\\]*)");
    private static final Pattern BEARER = Pattern.compile("(?i)(^|[\\s,])bearer($|[\\s,])");
    private static final Pattern ERROR = Pattern.compile("(?i)error\\s*=\\s*\"?([a-z_]+)");
    private static final String ZOOM_INVALID = "124";

    private TokenVerdict() {}

    /**
     * Returns what RFC 6750 section 3.1 has in {@code WWW-Authenticate}: {@code invalid_token}, or
     * no error at all, is about the token; {@code insufficient_scope} is not, nor is a challenge
     * for another scheme alone.
     */
    static boolean ofBearer(MultiMap headers) {
        String challenges = String.join(", ", headers.getAll("WWW-Authenticate"));
        if (challenges.isEmpty()) {
            return true;
        }
        if (!BEARER.matcher(challenges).find()) {
            return false;
        }
        Matcher error = ERROR.matcher(challenges);
        return !error.find() || error.group(1).equalsIgnoreCase("invalid_token");
    }

    /**
     * Returns what Zoom says in the body. Invalid, revoked, displaced: code 124. Expired: by its
     * message, with code 124 or 201. A missing scope begins with the same words as a dead token and
     * is sometimes no JSON, for which reason the words are looked for and nothing is parsed.
     */
    static boolean ofZoom(MultiMap headers, Buffer begin) {
        String body = text(headers, begin);
        Matcher found = MESSAGE.matcher(body);
        String message = found.find() ? found.group(1).toLowerCase(Locale.ROOT) : "";
        if (message.contains("does not contain scope") || message.contains("not supported as")) {
            return false;
        }
        Matcher code = CODE.matcher(body);
        return message.startsWith("access token is expired")
                || (code.find() && code.group(1).equals(ZOOM_INVALID));
    }

    /** An unfinished gzip is as good as its beginning. */
    private static String text(MultiMap headers, Buffer begin) {
        String coding = headers.get("Content-Encoding");
        if (coding == null || !coding.strip().toLowerCase(Locale.ROOT).endsWith("gzip")) {
            return begin.toString(StandardCharsets.UTF_8);
        }
        byte[] plain = new byte[PEEK];
        int length = 0;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(begin.getBytes()))) {
            while (length < plain.length) {
                int read = in.read(plain, length, plain.length - length);
                if (read < 0) {
                    break;
                }
                length += read;
            }
        } catch (IOException cut) {
            // What came out until then counts.
        }
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }
}
