package org.evergrant.broker.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends the body of a call on: at once what is kept, the rest as fast as the API takes it. */
final class Upload {
    /** RFC 9110 section 10.1.1: not every API says that it wants to go on. */
    private static final Duration LONGEST_CONTINUE = Duration.ofSeconds(1);

    private static final String CONTINUE = "100-continue";

    private final HttpServerRequest request;
    private final Intake intake;
    private final Alarm alarm;
    private @Nullable HttpClientRequest to;
    private boolean started;
    private boolean sent;
    private boolean stopped;

    Upload(Vertx vertx, HttpServerRequest request, Intake intake) {
        this.request = request;
        this.intake = intake;
        this.alarm = new Alarm(vertx);
    }

    /**
     * Sends the head and the body.
     *
     * @param whenSent runs when all of it is sent
     */
    void begin(HttpClientRequest target, Runnable whenSent) {
        to = target;
        Buffer begin = intake.begin();
        if (intake.isWhole()) {
            sent = true;
            if (begin != null) {
                target.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(begin.length()));
                target.end(begin);
            } else {
                if (intake.length() == 0 || request.method().equals(HttpMethod.POST)) {
                    target.putHeader(HttpHeaders.CONTENT_LENGTH, "0");
                }
                target.end();
            }
            return;
        }
        if (intake.length() < 0) {
            target.setChunked(true);
        } else {
            target.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(intake.length()));
        }
        if (intake.awaitsContinue()) {
            target.putHeader(HttpHeaders.EXPECT, CONTINUE);
            target.continueHandler(go -> pump(target, whenSent));
            target.writeHead();
            alarm.set(LONGEST_CONTINUE, () -> pump(target, whenSent));
        } else {
            pump(target, whenSent);
        }
    }

    private void pump(HttpClientRequest target, Runnable whenSent) {
        if (started || stopped || !target.equals(to)) {
            return;
        }
        started = true;
        alarm.cancel();
        if (intake.awaitsContinue()) {
            request.response().writeContinue();
        }
        Buffer begin = intake.begin();
        if (begin != null) {
            target.write(begin);
        }
        target.drainHandler(room -> request.resume());
        request.handler(chunk -> {
            target.write(chunk);
            if (target.writeQueueFull()) {
                request.pause();
            }
        });
        request.endHandler(end -> {
            sent = true;
            target.end();
            whenSent.run();
        });
        request.resume();
    }

    /** Returns whether all of the body has been sent. */
    boolean isSent() {
        return sent;
    }

    /** Returns whether a body that is not kept is still whole with its caller. */
    boolean isUntouched() {
        return !started && !sent;
    }

    /** The call is to be made again: what was begun for the first time counts no more. */
    void forget() {
        alarm.cancel();
        to = null;
        sent = false;
    }

    /** The answer is there: a body that nobody asked for is not asked for any more. */
    void settle() {
        if (!started) {
            stop();
        }
    }

    void stop() {
        stopped = true;
        alarm.cancel();
        to = null;
    }
}
