package org.evergrant.emulator;

import java.time.Instant;

/**
 * One mint, as the mint log keeps it.
 *
 * @param at when
 * @param clientId of which app
 * @param index the {@code token_index} it was minted at; 0 where the retention has no indexes
 * @param by who asked
 * @param number of the token: 1 for the app's first; a sticky mint repeats it
 * @param expiresAt the token's natural end
 */
public record MintRecord(
        Instant at, String clientId, int index, By by, long number, Instant expiresAt) {
    /** Who asked for a mint. */
    public enum By {
        /** Somebody at the token endpoint. */
        CLIENT,
        /** The rival, at its own route. */
        RIVAL
    }
}
