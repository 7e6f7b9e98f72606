package org.evergrant.broker;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.evergrant.Token;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are good for the second that runs, so that thousands of hand-outs in it cost one
 * rendering. Each app has one of a fixed number of places; apps that meet in one only cost
 * renderings.
 */
final class Renderings {
    /** Busy at the same time; a thousand answers are some two megabytes. */
    private static final int PLACES = 1024;

    private record Rendered(Token token, long seconds, Buffer body) {}

    private final AtomicReferenceArray<@Nullable Rendered> places =
            new AtomicReferenceArray<>(PLACES);

    /** Returns the body that {@code app} kept for this token and second; null where it is gone. */
    @Nullable Buffer find(Handout app, Token token, long seconds) {
        Rendered last = places.get(place(app));
        // The same token object, not an equal one: comparing tokens compares their secrets.
        return last != null && last.seconds() == seconds && isSame(last.token(), token)
                ? last.body()
                : null;
    }

    /** Keeps the body for those who ask within the same second, and returns it. */
    Buffer keep(Handout app, Token token, long seconds, Buffer body) {
        places.set(place(app), new Rendered(token, seconds, body));
        return body;
    }

    private static int place(Handout app) {
        return app.name().hashCode() & (PLACES - 1);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Token one, Token other) {
        return one == other;
    }
}
