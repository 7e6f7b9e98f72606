package org.evergrant.simulation.model;

import java.util.List;
import java.util.function.Predicate;
import org.evergrant.simulation.model.Seen.HandOut;

/** What holds after every move from every state that can be reached. */
enum Invariant {
    PROMISES_ARE_KEPT(
            "no token of ours is killed by our mint while its promise runs, or requests sent within"
                    + " it are on their way, unless it was rejected or suspect",
            seen ->
                    none(
                            seen.deaths(),
                            death ->
                                    death.isByOurMint()
                                            && death.isWithinPromise()
                                            && death.isThoughtGood())),
    NOTHING_DEAD(
            "no token that our own mint killed is handed out, unless the record says so and a node"
                    + " has not looked",
            seen ->
                    none(
                            seen.handOuts(),
                            out -> out.isDeadByOurMint() && out.isThoughtGoodByAll())),
    NOTHING_KNOWN_DEAD(
            "nothing known dead is handed out",
            seen -> none(seen.handOuts(), HandOut::isKnownDead)),
    NOTHING_EXPIRED(
            "nothing is handed out past its expiry",
            seen -> none(seen.handOuts(), HandOut::isExpired)),
    NOTHING_BEYOND_THE_PROMISE(
            "nothing is promised beyond the promise",
            seen -> none(seen.handOuts(), HandOut::isBeyondThePromise)),
    NO_PROMISE_BEYOND_THE_LIFE(
            "no promise is longer than the provider lets the token live",
            seen -> none(seen.handOuts(), HandOut::isPromisedBeyondItsLife)),
    WHAT_IS_SERVED_STAYS(
            "until it says that it looks again, a node with the same record hands out the same"
                    + " token",
            seen -> none(seen.handOuts(), HandOut::isTakenBackTooSoon)),
    NOBODY_SPINS(
            "a node that waits knows a later instant at which to look again",
            seen -> none(seen.waits(), until -> !until.isAfter(seen.now()))),
    ONE_MINT_AT_A_TIME(
            "two of our mints are in flight together only if a claim has run out, and none is"
                    + " claimed while one that is in doubt may still arrive",
            seen -> !seen.hasSent() || seen.underWay().size() <= 1),
    BUDGET_IS_KEPT(
            "the mint budget is not exceeded by all nodes together",
            seen -> seen.minted() <= seen.allowed());

    private final String words;

    @SuppressWarnings("ImmutableEnumChecker") // The predicates above hold no state.
    private final Predicate<Seen> holds;

    Invariant(String words, Predicate<Seen> holds) {
        this.words = words;
        this.holds = holds;
    }

    /** Returns what holds, in a sentence. */
    String words() {
        return words;
    }

    boolean holds(Seen seen) {
        return holds.test(seen);
    }

    private static <T> boolean none(List<T> all, Predicate<T> bad) {
        return all.stream().noneMatch(bad);
    }
}
