package org.evergrant.broker.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * As much of an answer as had to be read to know what it says.
 *
 * @param begin what was read, to be passed on before the rest; null for nothing
 * @param ended whether nothing comes after it
 * @param cut whether it ended in its middle
 * @param aboutToken whether it says that the token is dead
 */
record Unauthorized(@Nullable Buffer begin, boolean ended, boolean cut, boolean aboutToken) {
    /** Of an answer that was not read. */
    static final Unauthorized NOTHING = new Unauthorized(null, false, false, false);

    /** Bodies of errors come with their heads. */
    private static final Duration LONGEST_READ = Duration.ofSeconds(5);

    /** Reads a 401 as far as needed; it is paused then, unless it ended. */
    static void read(
            Vertx vertx, HttpClientResponse answer, boolean zoomLike, Consumer<Unauthorized> then) {
        if (zoomLike) {
            new Reading(vertx, answer, then).begin();
        } else {
            answer.pause();
            boolean dead = TokenVerdict.ofBearer(answer.headers());
            then.accept(new Unauthorized(null, false, false, dead));
        }
    }

    private static final class Reading {
        private final HttpClientResponse answer;
        private final Consumer<Unauthorized> then;
        private final Alarm alarm;
        private final Buffer begin = Buffer.buffer();
        private boolean done;

        Reading(Vertx vertx, HttpClientResponse answer, Consumer<Unauthorized> then) {
            this.answer = answer;
            this.then = then;
            this.alarm = new Alarm(vertx);
        }

        void begin() {
            answer.handler(this::take);
            answer.endHandler(end -> done(true, false));
            answer.exceptionHandler(cut -> done(true, true));
            alarm.set(LONGEST_READ, this::enough);
        }

        private void take(Buffer chunk) {
            begin.appendBuffer(chunk);
            if (begin.length() >= TokenVerdict.PEEK) {
                enough();
            }
        }

        private void enough() {
            if (!done) {
                answer.pause();
                done(false, false);
            }
        }

        private void done(boolean ended, boolean cut) {
            if (!done) {
                done = true;
                alarm.cancel();
                boolean dead = TokenVerdict.ofZoom(answer.headers(), begin);
                then.accept(new Unauthorized(begin, ended, cut, dead));
            }
        }
    }
}
