package org.evergrant.broker.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;

/**
 * Refuses requests whose end two programs may see in two places (RFC 9112 section 6.3), as far as
 * the server below lets them through.
 */
final class Framing {
    private static final int LONGEST_LENGTH = 18;

    private Framing() {}

    static void check(HttpServerRequest request) {
        MultiMap headers = request.headers();
        List<String> lengths = headers.getAll(HttpHeaders.CONTENT_LENGTH);
        List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        if (lengths.size() > 1 || (!lengths.isEmpty() && !codings.isEmpty())) {
            throw Refusal.badRequest("more than one length of the body");
        }
        lengths.forEach(Framing::length);
        if (codings.size() > 1
                || (codings.size() == 1
                        && !codings.get(0).strip().toLowerCase(Locale.ROOT).equals("chunked"))) {
            throw Refusal.badRequest("a transfer coding other than chunked");
        }
    }

    static long length(String text) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || text.length() > LONGEST_LENGTH) {
            throw Refusal.badRequest("a Content-Length that is no number");
        }
        return Long.parseLong(text);
    }
}
