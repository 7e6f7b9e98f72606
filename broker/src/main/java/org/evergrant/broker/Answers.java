package org.evergrant.broker;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** Writes answers. An answer to a client that has gone is dropped. */
final class Answers {
    static final CharSequence JSON = HttpHeaders.createOptimized("application/json;charset=UTF-8");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence PRAGMA = HttpHeaders.createOptimized("Pragma");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence NO_SNIFF_NAME =
            HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence CHALLENGE_NAME =
            HttpHeaders.createOptimized("WWW-Authenticate");
    private static final CharSequence CHALLENGE =
            HttpHeaders.createOptimized("Basic realm=\"evergrant\"");

    private Answers() {}

    /** Answers with a body that may be shared between requests. */
    static void send(HttpServerRequest request, int status, CharSequence type, Buffer body) {
        HttpServerResponse response = head(request, status, type);
        if (response != null) {
            response.end(body);
        }
    }

    static void json(HttpServerRequest request, int status, String body) {
        send(request, status, JSON, Buffer.buffer(body));
    }

    /**
     * Answers with the error.
     *
     * @param asZoom whether Zoom's {@code reason} goes with it
     */
    static void error(HttpServerRequest request, OauthError error, boolean asZoom) {
        HttpServerResponse response = head(request, error.kind().status(), JSON);
        if (response == null) {
            return;
        }
        Long retryAfter = error.retryAfterSeconds();
        if (retryAfter != null) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter));
        }
        String allow = error.allow();
        if (allow != null) {
            response.putHeader(HttpHeaders.ALLOW, allow);
        }
        if (error.kind() == OauthError.Kind.INVALID_CLIENT) {
            response.putHeader(CHALLENGE_NAME, CHALLENGE);
        }
        response.end(
                Json.object(json -> {
                    json.writeStringProperty("error", error.kind().word());
                    json.writeStringProperty("error_description", ascii(error.description()));
                    if (asZoom) {
                        json.writeStringProperty("reason", error.kind().reason());
                    }
                }));
    }

    /** Returns an answer with everything but its body; null when the client has gone. */
    static @Nullable HttpServerResponse head(
            HttpServerRequest request, int status, CharSequence type) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended() || response.headWritten()) {
            return null;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .putHeader(PRAGMA, NO_CACHE)
                .putHeader(NO_SNIFF_NAME, NO_SNIFF);
        return response;
    }

    /** RFC 6749 section 5.2 allows these characters in a description, and no others. */
    private static String ascii(String text) {
        return text.replace('"', '\'').replace('\\', '/').replaceAll("[^\\x20-\\x7e]", "?");
    }
}
