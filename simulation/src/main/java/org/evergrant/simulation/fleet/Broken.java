package org.evergrant.simulation.fleet;

/** What must hold through everything. A rule that is broken is a bug of ours. */
enum Broken {
    CALL_FAILED("a call failed, and it was ours to lose"),
    PROMISE_BROKEN("our own mint killed a token within its promise"),
    BEYOND_PROMISE("a caller was promised more than the promise"),
    PROMISED_TOO_LONG("a promise was longer than the provider lets the token live"),
    KNOWN_DEAD("a token was handed out on the node that had taken the report of its 401"),
    TWO_IN_FLIGHT("two of our mints were in flight together, and no claim had run out"),
    UNCLAIMED("a mint was sent that nobody had claimed, or a second one for one claim"),
    BUDGET("the mint budget was exceeded"),
    WASTED("a mint was claimed for no reason"),
    LATE("a caller was not answered by its deadline"),
    HELPLESS("a caller was given no token although nothing had been wrong for a while");

    private final String words;

    Broken(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
