package org.evergrant.broker.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/** Reads on behind an early answer, so that the caller sees it; not for long, and not too much. */
final class Leftover {
    private static final int PATIENCE = 1024 * 1024;
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final HttpServerRequest request;
    private final Alarm alarm;
    private int length;

    private Leftover(Vertx vertx, HttpServerRequest request) {
        this.request = request;
        this.alarm = new Alarm(vertx);
    }

    /** Drops what is left of the body, or ends the connection where more comes than is borne. */
    static void drop(Vertx vertx, HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        Leftover leftover = new Leftover(vertx, request);
        request.exceptionHandler(cut -> leftover.alarm.cancel());
        request.endHandler(end -> leftover.alarm.cancel());
        request.handler(leftover::take);
        leftover.alarm.set(LONGEST, leftover::close);
        request.resume();
    }

    private void take(Buffer chunk) {
        length += chunk.length();
        if (length > PATIENCE) {
            close();
        }
    }

    private void close() {
        alarm.cancel();
        if (request.version() == HttpVersion.HTTP_2) {
            // The others' calls are on the same connection.
            request.response().reset();
        } else {
            request.connection().close();
        }
    }
}
