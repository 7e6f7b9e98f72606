package org.evergrant.broker;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * An answer that may be longer than the heap. A thread that may wait writes it, and gets on as fast
 * as the client reads; the event loop only passes pieces on.
 */
final class LongAnswer {
    private static final System.Logger LOG = System.getLogger("org.evergrant.broker");

    /** Enough for the answers of a few dozen apps, which so are one piece and have a length. */
    private static final int PIECE = 64 * 1024;

    /** A client that has not read a piece by then is gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Ends the writing. */
    private static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Gone(Throwable why) {
            super(why);
        }
    }

    private final Context context;
    private final HttpServerResponse response;
    private final StringBuilder piece = new StringBuilder();

    private LongAnswer(Context context, HttpServerResponse response) {
        this.context = context;
        this.response = response;
    }

    /** Answers with what {@code content} writes, on a thread of {@code executor}. */
    static void send(
            HttpServerRequest request,
            CharSequence type,
            Executor executor,
            Consumer<LongAnswer> content) {
        HttpServerResponse response = Answers.head(request, 200, type);
        if (response == null) {
            return;
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
            return;
        }
        LongAnswer answer = new LongAnswer(EventLoop.current(), response);
        executor.execute(() -> answer.run(content));
    }

    /** Writes a text. Blocks while the client has much to read. */
    void write(String text) {
        piece.append(text);
        if (piece.length() >= PIECE) {
            pass(Buffer.buffer(piece.toString()));
            piece.setLength(0);
        }
    }

    private void run(Consumer<LongAnswer> content) {
        try {
            content.accept(this);
            Buffer last = Buffer.buffer(piece.toString());
            context.runOnContext(now -> response.end(last));
        } catch (Gone gone) {
            cut();
        } catch (RuntimeException mistake) {
            LOG.log(System.Logger.Level.ERROR, "a long answer failed", mistake);
            cut();
        }
    }

    private void pass(Buffer full) {
        CompletableFuture<Void> read = new CompletableFuture<>();
        context.runOnContext(now -> {
            if (response.closed()) {
                read.cancel(false);
                return;
            }
            if (!response.headWritten()) {
                response.setChunked(true);
            }
            response.write(full)
                    .onComplete(done -> read.complete(null), read::completeExceptionally);
        });
        try {
            read.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | CancellationException gone) {
            throw new Gone(gone);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new Gone(closing);
        }
    }

    /** The client must not take the beginning for the whole. */
    private void cut() {
        context.runOnContext(now -> response.reset());
    }
}
