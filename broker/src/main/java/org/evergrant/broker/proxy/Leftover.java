package org.evergrant.broker.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** Reads on behind an early answer, so that the caller sees it, and cuts who sends too much. */
final class Leftover {
    private static final int PATIENCE = 1024 * 1024;

    private final HttpServerRequest request;
    private int length;

    private Leftover(HttpServerRequest request) {
        this.request = request;
    }

    /** Drops what is left of the body. */
    static void drop(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        Leftover leftover = new Leftover(request);
        request.exceptionHandler(cut -> {});
        request.endHandler(end -> {});
        request.handler(leftover::take);
        request.resume();
    }

    private void take(Buffer chunk) {
        length += chunk.length();
        if (length <= PATIENCE) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            // The others' calls are on the same connection.
            request.response().reset();
        } else {
            request.connection().close();
        }
    }
}
