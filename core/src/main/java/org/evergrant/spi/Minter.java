package org.evergrant.spi;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.Secret;

/** Sends one request to a provider's token endpoint. */
public interface Minter extends AutoCloseable {

    /**
     * Sends one mint and completes with what came of it, within the app's mint deadline. The future
     * never fails: whatever happens has an {@link Answer}.
     *
     * @param index the {@code token_index} to mint at; sent only where the app's retention has more
     *     than one
     */
    CompletableFuture<Answer> mint(App app, int index);

    /** Ends connections and threads. */
    @Override
    void close();

    /** What came of a mint. */
    sealed interface Answer {}

    /**
     * The provider minted.
     *
     * @param value the access token
     * @param type its {@code token_type}; {@code bearer} when the provider sent none
     * @param scope its {@code scope}; empty when the provider sent none
     * @param apiUrl its {@code api_url}; empty when the provider sent none
     * @param expiresIn what the provider said; empty when it said nothing usable
     */
    record Minted(
            Secret value, String type, String scope, String apiUrl, Optional<Duration> expiresIn)
            implements Answer {}

    /**
     * Surely nothing was minted.
     *
     * @param kind {@code UNREACHABLE}, {@code RATE_LIMITED}, {@code MISCONFIGURED} or {@code INDEX}
     * @param detail the provider's or the network's own words, cut; never a secret
     * @param retryAfter what the provider asked for, if it did
     */
    record NotMinted(Trouble.Kind kind, String detail, Optional<Duration> retryAfter)
            implements Answer {}

    /**
     * Nobody can tell whether the provider minted: no answer, a 5xx, or one that cannot be read.
     *
     * @param detail what happened, cut; never a secret
     * @param retryAfter what the provider asked for, if it did
     */
    record Doubtful(String detail, Optional<Duration> retryAfter) implements Answer {}
}
