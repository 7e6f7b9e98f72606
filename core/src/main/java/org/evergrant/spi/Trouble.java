package org.evergrant.spi;

import java.time.Instant;

/**
 * The last failure, and the instant before which nobody mints again.
 *
 * @param kind what failed
 * @param at when
 * @param retryAt before this instant nobody mints
 * @param attempts how many mints in a row ended in trouble, from 1
 * @param detail what the provider or the network said, quoted and cut; never a secret
 */
public record Trouble(Kind kind, Instant at, Instant retryAt, int attempts, String detail) {

    /** What failed, and so what a person can do about it. */
    public enum Kind {
        /** The provider could not be reached; surely nothing was minted. */
        UNREACHABLE,
        /** The provider asked us to slow down. */
        RATE_LIMITED,
        /** The provider refuses the app's credentials or request: a person must act. */
        MISCONFIGURED,
        /** A mint was sent and no readable answer came: it may have killed tokens. */
        DOUBT,
        /** Tokens are rejected again and again while young. */
        RIVAL,
        /** Tokens that the configured retention says must live were rejected after our own mint. */
        RETENTION,
        /** The provider refuses a {@code token_index} that the configured retention allows. */
        INDEX;

        /** Returns the word for configuration, metrics and screens. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
