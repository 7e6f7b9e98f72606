package org.evergrant.bench;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the hit path is measured by: a text behind a volatile field, and the clock beside it. */
@State(Scope.Benchmark)
public class Yardstick {
    private volatile String token = Tokens.VALUE;

    String token() {
        return token;
    }
}
