package org.evergrant.simulation.model;

import java.util.function.Predicate;
import org.evergrant.simulation.model.Seen.Death;
import org.evergrant.simulation.model.Seen.HandOut;

/** What holds in every state that can be reached. */
enum Invariant {
    PROMISES_ARE_KEPT(
            "no token of ours is killed by our mint while its promise runs, unless it was rejected or"
                    + " suspect",
            seen ->
                    seen.deaths().stream()
                            .filter(Death::isByOurMint)
                            .filter(Death::isWithinPromise)
                            .noneMatch(Death::isThoughtGood)),
    NOTHING_DEAD_IS_PUBLISHED(
            "no token that our own mint killed is handed out within its promise, unless all but the"
                    + " node know better",
            seen ->
                    seen.handOuts().stream()
                            .filter(HandOut::isPromised)
                            .filter(HandOut::isDeadByOurMint)
                            .noneMatch(HandOut::isThoughtGoodByAll)),
    NOTHING_BEYOND_THE_PROMISE(
            "nothing is promised beyond the promise",
            seen -> seen.handOuts().stream().noneMatch(HandOut::isBeyondThePromise)),
    NO_PROMISE_BEYOND_THE_LIFE(
            "no promise is longer than the provider lets the token live",
            seen -> seen.handOuts().stream().noneMatch(HandOut::isLongerThanItsLife)),
    NOTHING_EXPIRED(
            "nothing is handed out past its expiry",
            seen -> seen.handOuts().stream().noneMatch(HandOut::isExpired)),
    NOTHING_KNOWN_DEAD(
            "nothing known dead is handed out",
            seen -> seen.handOuts().stream().noneMatch(HandOut::isKnownDead)),
    ONE_MINT_AT_A_TIME(
            "two of our mints are in flight together only if a claim has run out",
            seen -> seen.sent() == null || seen.underWay().stream().filter(request -> !seen.hasRunOut(request)).count() == 1),
    BUDGET_IS_KEPT(
            "the mint budget is not exceeded by all nodes together",
            seen -> seen.minted() <= seen.allowed());

    private final String words;
    private final Predicate<Seen> holds;

    Invariant(String words, Predicate<Seen> holds) {
        this.words = words;
        this.holds = holds;
    }

    String words() {
        return words;
    }

    boolean holds(Seen seen) {
        return holds.test(seen);
    }
}
