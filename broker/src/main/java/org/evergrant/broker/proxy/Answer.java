package org.evergrant.broker.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Passes an API's answer on, as fast as the caller takes it. */
final class Answer {
    /** An answer no longer than this is sent in one piece. */
    private static final int AT_ONCE = 8 * 1024;

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final ApiDoor door;
    private final HttpServerRequest request;
    private final HttpServerResponse out;
    private final HttpClientResponse answer;
    private final Origin origin;
    private final boolean unread;
    private @Nullable Buffer piece;
    private int expected;
    private boolean over;

    /**
     * Makes one that has not begun.
     *
     * @param unread whether the caller may or may not send a body now, so that the connection is of
     *     no more use
     */
    Answer(
            ApiDoor door,
            HttpServerRequest request,
            HttpClientResponse answer,
            Origin origin,
            boolean unread) {
        this.door = door;
        this.request = request;
        this.out = request.response();
        this.answer = answer;
        this.origin = origin;
        this.unread = unread;
    }

    /**
     * Passes all of it on.
     *
     * @param read what was read of it before
     * @param then takes the status at the end
     * @param cut runs in place of it where the answer broke off before any of it was passed on
     */
    void pass(Unauthorized read, IntConsumer then, Runnable cut) {
        if (read.cut()) {
            cut.run();
            return;
        }
        head();
        String length = answer.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean bodiless = isBodiless();
        if (answer.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            length = null;
        }
        if (length != null) {
            out.putHeader(HttpHeaders.CONTENT_LENGTH, length);
        } else if (!bodiless) {
            out.setChunked(true);
        }
        boolean small = length != null && length.length() <= 4 && !bodiless;
        if (small && Integer.parseInt(length) <= AT_ONCE) {
            expected = Integer.parseInt(length);
            piece = Buffer.buffer();
        }
        Buffer begin = read.begin();
        if (begin != null && begin.length() > 0) {
            take(begin);
        }
        if (read.ended()) {
            finish(then);
            return;
        }
        answer.handler(this::take);
        answer.endHandler(end -> finish(then));
        answer.exceptionHandler(broken -> breakOff(then, cut));
        out.drainHandler(room -> answer.resume());
        answer.resume();
    }

    private void head() {
        out.setStatusCode(answer.statusCode());
        Headers.copyResponse(answer.headers(), out.headers());
        String location = answer.getHeader(HttpHeaders.LOCATION);
        if (location != null) {
            out.putHeader(HttpHeaders.LOCATION, door.location(origin, location));
        }
        door.proxy().signature().sign(answer.headers(), answer.version(), out.headers());
        if (unread && request.version() != HttpVersion.HTTP_2) {
            out.putHeader(HttpHeaders.CONNECTION, "close");
        }
    }

    private boolean isBodiless() {
        int status = answer.statusCode();
        return request.method().equals(HttpMethod.HEAD)
                || status == NO_CONTENT
                || status == NOT_MODIFIED;
    }

    private void take(Buffer chunk) {
        Buffer whole = piece;
        if (whole != null) {
            // Most often it comes in one piece, too.
            piece = chunk.length() == expected ? chunk : whole.appendBuffer(chunk);
            return;
        }
        out.write(chunk);
        if (out.writeQueueFull()) {
            answer.pause();
        }
    }

    private void finish(IntConsumer then) {
        if (over) {
            return;
        }
        over = true;
        Buffer whole = piece;
        if (whole != null) {
            out.end(whole);
        } else {
            out.end();
        }
        then.accept(answer.statusCode());
    }

    /** What has begun as an answer cannot become an error: cutting it is all that is left. */
    private void breakOff(IntConsumer then, Runnable cut) {
        if (over) {
            return;
        }
        over = true;
        if (out.headWritten()) {
            out.reset();
            then.accept(answer.statusCode());
        } else {
            out.headers().clear();
            out.setChunked(false);
            cut.run();
        }
    }
}
