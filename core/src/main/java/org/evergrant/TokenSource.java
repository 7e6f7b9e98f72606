package org.evergrant;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.evergrant.spi.AppRecord;

/**
 * Live tokens of one app, for any number of threads. A token in its promise is answered at once,
 * from memory; otherwise the caller waits for a mint, this node's or another's.
 *
 * <p>Use each token for one call, and ask again for the next one: that is what makes every call
 * succeed. A caller that keeps a token must stop using it when {@link #lifeLeft} is over.
 *
 * <p>All methods that give a token throw, or complete with, an {@link EvergrantException} when
 * there is none, and {@link IllegalStateException} once the {@link Node} is closed.
 */
public interface TokenSource {

    /** Returns the app these tokens are for. */
    App app();

    /**
     * Returns a live token, waiting at most the node's {@link Node.Builder#wait(Duration) wait}. An
     * interrupt ends the wait with a {@link TryLaterException} and stays set.
     */
    Token get();

    /**
     * Returns a token with at least {@code minLife} left, as far as the provider's rules allow it,
     * waiting at most {@code wait}. Where no token can have that much left, or a mint would break a
     * promise, the token with the most life left is returned: look at {@link #lifeLeft}.
     */
    Token get(Duration minLife, Duration wait);

    /**
     * The same as {@link #get()} without blocking. Cancelling the future disturbs no other caller.
     */
    CompletableFuture<Token> getAsync();

    /** The same as {@link #get(Duration, Duration)} without blocking. */
    CompletableFuture<Token> getAsync(Duration minLife, Duration wait);

    /** Returns a live token, held until the lease is closed. */
    Lease lease();

    /**
     * The same without blocking, waiting at most {@code wait}. Cancelling the future disturbs no
     * other caller and leaves no lease behind.
     */
    CompletableFuture<Lease> leaseAsync(Duration wait);

    /**
     * Says that the API refused {@code token} with a 401 that is about the token. If it is the
     * newest, it is handed out no more, on any node, and another one is minted; a late report for
     * an older token changes nothing. Blocks for the store's time.
     *
     * @return whether the token was the newest
     */
    boolean reject(Token token);

    /** The same for a caller who has only the access token's text, without blocking. */
    CompletableFuture<Boolean> rejectAsync(String accessToken);

    /**
     * Mints the next token now, before it is needed. Completes with a {@link TryLaterException}
     * when the mint would break a running promise within {@code wait}; {@link #reject} the token
     * first to mint all the same.
     */
    CompletableFuture<Token> renewAsync(Duration wait);

    /**
     * Returns what a caller may be told as {@code expires_in}, on the store's clock: to the end of
     * the promise; past that, to the expiry while the token is still handed out, else zero.
     */
    Duration lifeLeft(Token token);

    /** Returns the instant on the store's clock; only a node's first look at it asks the store. */
    Instant now();

    /**
     * Returns the app's record as this node last saw it; {@link AppRecord#EMPTY} before the first
     * ask.
     */
    AppRecord record();
}
