package org.evergrant.broker;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads small request bodies, and refuses large ones without keeping them. */
final class Bodies {
    static final int LIMIT = 64 * 1024;

    /** After a refusal this much is read and dropped, so that the client sees the answer. */
    private static final int PATIENCE = 1024 * 1024;

    private Bodies() {}

    /**
     * Passes on the whole body, or refuses it. To be called before the request's handler returns.
     */
    static void read(
            HttpServerRequest request, Consumer<String> then, Consumer<OauthError> refuse) {
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        Reading reading = new Reading(request, then, refuse);
        request.handler(reading::take);
        request.endHandler(end -> reading.finish());
        request.exceptionHandler(cut -> reading.dropped = true);
    }

    private static final class Reading {
        private final HttpServerRequest request;
        private final Consumer<String> then;
        private final Consumer<OauthError> refuse;
        private @Nullable Buffer body;
        private int length;
        private boolean dropped;

        Reading(HttpServerRequest request, Consumer<String> then, Consumer<OauthError> refuse) {
            this.request = request;
            this.then = then;
            this.refuse = refuse;
        }

        void take(Buffer chunk) {
            length += chunk.length();
            if (dropped) {
                if (length > PATIENCE) {
                    request.connection().close();
                }
            } else if (length > LIMIT) {
                dropped = true;
                body = null;
                refuse.accept(
                        OauthError.of(
                                OauthError.Kind.PAYLOAD_TOO_LARGE,
                                "the body is longer than " + LIMIT + " bytes"));
            } else {
                Buffer soFar = body;
                body = soFar == null ? chunk : soFar.appendBuffer(chunk);
            }
        }

        void finish() {
            if (!dropped) {
                Buffer whole = body;
                then.accept(whole == null ? "" : whole.toString(StandardCharsets.UTF_8));
            }
        }
    }
}
