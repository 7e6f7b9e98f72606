package org.evergrant.bench;

import java.time.Duration;

/** The token that every contestant holds. */
final class Tokens {
    /** As long as Zoom's. */
    static final String VALUE = "eyJ".repeat(220);

    /** No contestant thinks of renewal before the benchmark has ended. */
    static final Duration LIFE = Duration.ofDays(1);

    private Tokens() {}
}
