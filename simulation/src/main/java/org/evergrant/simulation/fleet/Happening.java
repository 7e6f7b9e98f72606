package org.evergrant.simulation.fleet;

/** What a line of the {@link Trace} says. */
enum Happening {
    STARTED("starts"),
    CRASHED("dies"),
    CLOSED("ends gracefully"),
    STALLED("stands still for %s"),
    SUSPENDED("is suspended for %s, its clock with it"),
    STORE_AWAY("the store is away for %s"),
    STORE_SLOW("the store is slow for %s"),
    CUT_OFF("is cut off from the store for %s"),
    STORE_CLOCK_JUMPED("the store's clock jumps by %s"),
    PROVIDER_AWAY("the provider is away for %s"),
    PROVIDER_FAILING("the provider answers 5xx for %s"),
    PROVIDER_LIMITING("the provider answers 429 for %s"),
    DEACTIVATED("the app is deactivated for %s"),
    ACTIVATED("the app is activated again"),
    RULE_CHANGED("the provider now keeps another retention:"),
    RIVAL_CAME("a rival mints now and then for %s"),
    RIVAL_MINTED("a rival mints #%d"),
    WRITTEN("writes version %d:"),
    CONFLICT("finds that its version %d is old"),
    WRITTEN_UNHEARD("does not hear that it wrote version %d"),
    STORE_FAILED("cannot reach the store"),
    SENT("sends a mint at index %d"),
    ARRIVED("its mint arrives and brings #%d"),
    ARRIVED_REFUSED("its mint arrives and is refused"),
    DIED("#%d dies:"),
    ANSWERED("has the answer to its mint:"),
    ASKED("a caller asks, and waits for %s at most"),
    GIVEN("a caller is given #%d"),
    REFUSED("a caller is given no token:"),
    CALLED("a call with #%d goes well"),
    FAILED("a call with #%d fails:"),
    REPORTED("a caller reports a 401 for #%d"),
    BROKEN("BROKEN:");

    private final String words;

    Happening(String words) {
        this.words = words;
    }

    /** Returns what the trace has for it. */
    @SuppressWarnings("EnumOrdinal") // The number never leaves this process.
    byte code() {
        return (byte) ordinal();
    }

    /** Returns the sentence, with {@code %s} for a span and {@code %d} for a number. */
    String words() {
        return words;
    }
}
