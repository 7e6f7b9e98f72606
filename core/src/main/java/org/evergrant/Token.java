package org.evergrant;

import java.time.Duration;
import java.time.Instant;

/**
 * An access token and what is known of it. All instants are on the store's clock.
 *
 * @param generation the number of the token for its app, from 1, over all nodes and restarts
 * @param index the {@code token_index} it was minted at; 0 where the provider has none
 * @param value the access token itself
 * @param type the provider's {@code token_type}, such as {@code bearer}
 * @param scope the provider's {@code scope}; empty when it sent none
 * @param apiUrl the provider's {@code api_url}; empty when it sent none
 * @param mintedAt taken before the mint was sent
 * @param expiresAt when it dies at the latest
 * @param promisedUntil until when we leave it alive
 * @param standing whether it is thought to live
 * @param forced whether the mint answered a rejection and was not planned
 */
public record Token(
        long generation,
        int index,
        Secret value,
        String type,
        String scope,
        String apiUrl,
        Instant mintedAt,
        Instant expiresAt,
        Instant promisedUntil,
        Standing standing,
        boolean forced) {

    /** Whether a token is thought to live. */
    public enum Standing {
        /** Nothing speaks against it. */
        GOOD,
        /** An unanswered mint may have killed it. */
        SUSPECT,
        /** The API refused it. */
        REJECTED
    }

    /** Returns the value of an {@code Authorization} header that carries this token. */
    public String authorization() {
        return "Bearer " + value.reveal();
    }

    /**
     * Returns what a caller may be told as {@code expires_in}: to the end of the promise, or, when
     * that is past, to the expiry. Never negative.
     *
     * @param now the instant on the store's clock
     */
    public Duration lifeLeft(Instant now) {
        Instant end = isPromised(now) ? promisedUntil : expiresAt;
        return end.isAfter(now) ? Duration.between(now, end) : Duration.ZERO;
    }

    /** Returns whether the promise still runs at {@code now}. */
    public boolean isPromised(Instant now) {
        return now.isBefore(promisedUntil);
    }

    /** Returns whether the token is good and not expired at {@code now}. */
    public boolean isUsable(Instant now) {
        return standing == Standing.GOOD && now.isBefore(expiresAt);
    }

    /** Returns the time from mint to expiry. */
    public Duration life() {
        return Duration.between(mintedAt, expiresAt);
    }

    /** Returns this token with another standing. */
    public Token as(Standing changed) {
        return new Token(
                generation,
                index,
                value,
                type,
                scope,
                apiUrl,
                mintedAt,
                expiresAt,
                promisedUntil,
                changed,
                forced);
    }

    /** Returns this token with another expiry and promise. */
    public Token until(Instant expiry, Instant promise) {
        return new Token(
                generation,
                index,
                value,
                type,
                scope,
                apiUrl,
                mintedAt,
                expiry,
                promise,
                standing,
                forced);
    }
}
