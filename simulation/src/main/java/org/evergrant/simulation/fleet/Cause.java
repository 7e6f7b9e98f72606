package org.evergrant.simulation.fleet;

/** Why a call failed. Each but the first is one of the exceptions that docs/guarantees.md lists. */
enum Cause {
    OURS("ours"),
    RIVAL("a rival minted"),
    PROVIDER_AWAY("the provider was away"),
    DEACTIVATED("the app was deactivated"),
    RULE_CHANGED("the provider changed its retention"),
    FALSE_401("a 401 that was not about the token"),
    CALLER_LATE("the caller ignored expires_in"),
    TRAVELLED("on its way for longer than the settle"),
    STALLED("a node stalled beyond its claim"),
    UNPROMISED("handed out past its promise"),
    SUSPENDED("the node's machine was suspended"),
    CLOCK_JUMPED("the store's clock jumped");

    private final String words;

    Cause(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
