package org.evergrant.spi;

import java.time.Duration;

/**
 * What a caller asks for.
 *
 * @param minLife the least life the token should have left. Met where the provider's rules allow
 *     it; never at the price of a promise or of a mint for each ask
 * @param newerThan only a token of a later generation will do
 */
public record Ask(Duration minLife, long newerThan) {
    /** Any live token. */
    public static final Ask ANY = new Ask(Duration.ZERO, -1);

    /** Asks for a token with this much life left. */
    public static Ask minLife(Duration minLife) {
        return new Ask(minLife, -1);
    }

    /** Asks for a token of a later generation. */
    public static Ask newerThan(long generation) {
        return new Ask(Duration.ZERO, generation);
    }
}
