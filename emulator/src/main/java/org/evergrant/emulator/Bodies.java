package org.evergrant.emulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads small request bodies, and refuses large ones without keeping them. */
final class Bodies {
    /** No request of these routes is anywhere near it. */
    static final int LIMIT = 64 * 1024;

    private static final Buffer EMPTY = Buffer.buffer();

    private Bodies() {}

    /** Passes on the whole body, or answers 413. To be called before the handler returns. */
    static void read(HttpServerRequest request, Consumer<Buffer> then) {
        Reading reading = new Reading(request, then);
        request.handler(reading::take);
        request.exceptionHandler(broken -> reading.giveUp());
        request.endHandler(end -> reading.finish());
    }

    private static final class Reading {
        private final HttpServerRequest request;
        private final Consumer<Buffer> then;
        private @Nullable Buffer body;
        private boolean refused;

        Reading(HttpServerRequest request, Consumer<Buffer> then) {
            this.request = request;
            this.then = then;
        }

        /** After a refusal the rest is read and dropped, so that the client sees the answer. */
        void take(Buffer chunk) {
            Buffer soFar = body;
            int length = soFar == null ? 0 : soFar.length();
            if (refused) {
                return;
            }
            if (length + chunk.length() > LIMIT) {
                refused = true;
                body = null;
                Answers.json(
                        request,
                        413,
                        "{\"reason\":\"Payload Too Large\",\"error\":\"invalid_request\"}");
            } else {
                body = soFar == null ? chunk : soFar.appendBuffer(chunk);
            }
        }

        /** The body broke off or was malformed. Answers where there is still somebody to answer. */
        void giveUp() {
            if (!refused) {
                refused = true;
                body = null;
                Answers.json(request, 400, Refusal.BAD_REQUEST.json());
            }
        }

        void finish() {
            if (!refused) {
                Buffer whole = body;
                HttpDoor.guarded(request, () -> then.accept(whole == null ? EMPTY : whole));
            }
        }
    }
}
