package org.evergrant.broker.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call. One that is short enough is read to its end before a token is taken for it:
 * so a slow caller holds no token, and the call can be made again. Of a longer one the beginning
 * may have been read; the rest waits.
 */
final class Intake {
    /** A caller who sends little by little may want to be heard before it has said everything. */
    private static final Duration LONGEST_READ = Duration.ofSeconds(1);

    private static final long UNKNOWN = -1;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Shelf shelf;
    private final Runnable ready;
    private final long length;
    private final int limit;
    private final boolean empty;
    private final boolean expectsContinue;
    private int reserved;
    private @Nullable Buffer begin;
    private boolean whole;
    private boolean isReady;
    private long timer = UNKNOWN;

    /**
     * Makes one that has not begun to read.
     *
     * @param limit up to how many bytes a body is kept
     * @param ready runs once the body, or as much as is kept of it, is there
     */
    Intake(Vertx vertx, HttpServerRequest request, Shelf shelf, int limit, Runnable ready) {
        this.vertx = vertx;
        this.request = request;
        this.shelf = shelf;
        this.limit = limit;
        this.ready = ready;
        String sized = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        boolean old =
                request.version() == HttpVersion.HTTP_1_1
                        || request.version() == HttpVersion.HTTP_1_0;
        this.length = sized == null ? UNKNOWN : Framing.length(sized);
        this.empty = length == 0 || (length == UNKNOWN && old && !chunked);
        String expect = request.getHeader(HttpHeaders.EXPECT);
        this.expectsContinue = !empty && expect != null && expect.equalsIgnoreCase("100-continue");
    }

    /** Reads as much as is kept. To be called before the request's handler returns. */
    void read() {
        if (empty) {
            whole = true;
            done();
            return;
        }
        int wanted = length == UNKNOWN ? limit : (int) Math.min(length, limit + 1L);
        if (wanted == 0 || wanted > limit || !shelf.take(wanted)) {
            request.pause();
            done();
            return;
        }
        reserved = wanted;
        if (expectsContinue) {
            request.response().writeContinue();
        }
        request.handler(this::take);
        request.endHandler(end -> {
            whole = true;
            done();
        });
        if (length == UNKNOWN) {
            timer = vertx.setTimer(LONGEST_READ.toMillis(), late -> stop());
        }
    }

    private void take(Buffer chunk) {
        Buffer soFar = begin;
        begin = soFar == null ? chunk : soFar.appendBuffer(chunk);
        if (begin.length() > limit) {
            stop();
        }
    }

    private void stop() {
        if (!isReady) {
            request.pause();
            done();
        }
    }

    private void done() {
        if (!isReady) {
            isReady = true;
            if (timer != UNKNOWN) {
                vertx.cancelTimer(timer);
            }
            ready.run();
        }
    }

    /** Returns whether the whole body is here, so that it can be sent as often as needed. */
    boolean isWhole() {
        return whole;
    }

    boolean isEmpty() {
        return empty || (whole && begin == null);
    }

    /** Returns whether the caller still waits to be told to send. */
    boolean awaitsContinue() {
        return expectsContinue && reserved == 0;
    }

    /** Returns the body, or its beginning; null for nothing. */
    @Nullable Buffer begin() {
        return begin;
    }

    /** Returns the length that the caller said; negative where it said none. */
    long length() {
        return length;
    }

    /** Ends the reading and gives the memory back. */
    void close() {
        isReady = true;
        if (timer != UNKNOWN) {
            vertx.cancelTimer(timer);
            timer = UNKNOWN;
        }
        begin = null;
        shelf.giveBack(reserved);
        reserved = 0;
    }
}
