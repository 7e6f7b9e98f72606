package org.evergrant.simulation.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.MintBudget;
import org.evergrant.Token;
import org.evergrant.simulation.model.ProviderState.Issued;
import org.evergrant.simulation.model.ProviderState.Killer;
import org.evergrant.simulation.model.World.Request;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Step;
import org.jspecify.annotations.Nullable;

/** What an {@link Invariant} looks at: the worlds before and after a move, and what follows. */
final class Seen {
    private final Moves moves;
    private final Bounds bounds;
    private final World before;
    private final World after;
    private final List<HandOut> handOuts = new ArrayList<>();
    private final List<Instant> waits = new ArrayList<>();

    Seen(Moves moves, Bounds bounds, World before, World after) {
        this.moves = moves;
        this.bounds = bounds;
        this.before = before;
        this.after = after;
        look(after.record());
        if (!after.copy().equals(after.record())) {
            look(after.copy());
        }
    }

    /**
     * A token that a mint killed, or set to die.
     *
     * @param known the token in the record at that moment; {@code null} when it is in none
     * @param settle how long after the promise requests may be on their way, in ticks
     */
    record Death(Issued token, @Nullable Token known, int settle) {
        boolean isByOurMint() {
            return token.killer() == Killer.OURS;
        }

        boolean isWithinPromise() {
            return token.diesAt() < token.told() + settle;
        }

        boolean isThoughtGood() {
            return known != null && known.standing() == Token.Standing.GOOD;
        }
    }

    /**
     * A token that a node hands out now.
     *
     * @param token as in the node's copy of the record
     * @param until until when the node does so without another look
     * @param later what the node would hand out a tick later with the same copy
     * @param issued the provider's view of it
     * @param shared the token in the store's record now
     */
    record HandOut(
            Token token,
            Instant now,
            Instant until,
            @Nullable Token later,
            @Nullable Issued issued,
            @Nullable Token shared) {
        private boolean isPromised() {
            return token.isPromised(now);
        }

        boolean isExpired() {
            return !now.isBefore(token.expiresAt());
        }

        boolean isKnownDead() {
            return token.standing() != Token.Standing.GOOD;
        }

        boolean isBeyondThePromise() {
            return until.isAfter(isPromised() ? token.promisedUntil() : token.expiresAt());
        }

        boolean isPromisedBeyondItsLife() {
            return isPromised()
                    && issued != null
                    && issued.killer() == Killer.NONE
                    && World.instant(issued.diesAt()).isBefore(token.promisedUntil());
        }

        boolean isDeadByOurMint() {
            return issued != null
                    && issued.killer() == Killer.OURS
                    && issued.diesAt() <= World.ticks(now);
        }

        boolean isThoughtGoodByAll() {
            return shared != null && shared.standing() == Token.Standing.GOOD;
        }

        boolean isTakenBackTooSoon() {
            return now.plus(Bounds.TICK).isBefore(until) && !token.equals(later);
        }
    }

    private void look(AppRecord copy) {
        Instant now = after.instant();
        switch (moves.step(copy, now)) {
            case Step.Serve serve -> {
                handOuts.add(handOut(copy, serve.token(), serve.until()));
                waits.add(serve.until());
            }
            case Step.ServeAndRenew serve ->
                    handOuts.add(handOut(copy, serve.token(), serve.until()));
            case Step.Await await -> waits.add(await.until());
            case Step.Fail fail -> waits.add(fail.retryAt());
            case Step.Renew _ -> {}
        }
    }

    private HandOut handOut(AppRecord copy, Token token, Instant until) {
        Instant now = after.instant();
        Token later = Moves.served(moves.step(copy, now.plus(Bounds.TICK)));
        Token shared = known(after.record(), World.id(token.value()));
        return new HandOut(token, now, until, later, after.issued(token), shared);
    }

    /** Returns what nodes hand out in the world after the move, with a new and an old copy. */
    List<HandOut> handOuts() {
        return handOuts;
    }

    /** Returns the instants at which nodes look again. */
    List<Instant> waits() {
        return waits;
    }

    Instant now() {
        return after.instant();
    }

    /** Returns the tokens that a mint of this move killed, or set to die. */
    List<Death> deaths() {
        if (before.provider().equals(after.provider())) {
            return List.of();
        }
        List<Death> deaths = new ArrayList<>();
        for (Issued was : before.provider().tokens()) {
            Issued is = after.provider().find(was.id());
            if (is != null && is.diesAt() < was.diesAt()) {
                Token known = known(before.record(), was.id());
                deaths.add(new Death(is, known, known == null ? 0 : settle(known)));
            }
        }
        return deaths;
    }

    private int settle(Token token) {
        Duration margin = Duration.between(token.promisedUntil(), token.expiresAt());
        return Bounds.ticks(bounds.policy().settleFor(margin));
    }

    private static @Nullable Token known(AppRecord record, int id) {
        for (Token token : record.tokens()) {
            if (World.id(token.value()) == id) {
                return token;
            }
        }
        return null;
    }

    /** Returns whether this move sent a mint. */
    boolean hasSent() {
        return after.network().size() > before.network().size()
                && after.network().getLast().owner() >= 0;
    }

    /**
     * Returns the mints of ours that may still be executed, as far as the record told when the
     * claim that it holds was written.
     */
    List<Request> underWay() {
        Claim last = after.record().claim();
        boolean known = last == null || !last.contested();
        return after.network().stream()
                .filter(request -> !request.isBack())
                .filter(request -> (request.isDoubted() && known) || isHeld(request.claim()))
                .toList();
    }

    private boolean isHeld(Claim claim) {
        return after.instant().isBefore(claim.until());
    }

    /** Returns how many mints of ours the provider counts in the budget's window. */
    int minted() {
        return after.provider().arrivals().size();
    }

    int allowed() {
        return bounds.budget().map(MintBudget::mints).orElse(Integer.MAX_VALUE);
    }
}
