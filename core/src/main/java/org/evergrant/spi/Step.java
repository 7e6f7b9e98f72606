package org.evergrant.spi;

import java.time.Instant;
import org.evergrant.Token;
import org.jspecify.annotations.Nullable;

/** What a node does next about one app. */
public sealed interface Step {

    /**
     * Hand out the token.
     *
     * @param until the first instant at which another step may be due
     */
    record Serve(Token token, Instant until) implements Step {}

    /** Hand out the token, and mint the next one at {@code index} meanwhile. */
    record ServeAndRenew(Token token, int index, Instant until) implements Step {}

    /** Mint at {@code index}; callers wait. */
    record Renew(int index) implements Step {}

    /**
     * Wait: for another node's mint, or for the instant at which a mint breaks no promise.
     *
     * @param until when to look again at the latest
     * @param meanwhile what to hand out to a caller who cannot wait that long
     */
    record Await(Instant until, @Nullable Token meanwhile) implements Step {}

    /**
     * No token can be had before {@code retryAt}.
     *
     * @param trouble why; {@code null} when the mint budget is used up
     */
    record Fail(@Nullable Trouble trouble, Instant retryAt) implements Step {}
}
