package org.evergrant.simulation.model;

import java.util.ArrayList;
import java.util.List;
import org.evergrant.Token;
import org.evergrant.simulation.model.ProviderState.Issued;
import org.evergrant.simulation.model.ProviderState.Killer;
import org.evergrant.simulation.model.World.Request;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Step;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Invariant}s look at: a move, the worlds around it, and what follows from them.
 */
final class Seen {
    private final Moves moves;
    private final Bounds bounds;
    private final World before;
    private final World after;

    Seen(Moves moves, Bounds bounds, World before, World after) {
        this.moves = moves;
        this.bounds = bounds;
        this.before = before;
        this.after = after;
    }

    /**
     * A token that a mint killed.
     *
     * @param known the token in the record at that moment; {@code null} when it is in none
     */
    record Death(Issued token, Killer killer, @Nullable Token known, int settle) {
        boolean isByOurMint() {
            return killer == Killer.OURS;
        }

        /** Whether requests that were sent within the promise may still be on their way. */
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
     * @param until when the node looks again
     * @param issued the provider's view of it
     * @param shared the token in the store's record now
     */
    record HandOut(
            Token token,
            java.time.Instant now,
            java.time.Instant until,
            @Nullable Issued issued,
            @Nullable Token shared) {
        boolean isPromised() {
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

        boolean isLongerThanItsLife() {
            return issued == null
                    || (issued.killer() == Killer.NONE
                            && issued.diesAt() < World.seconds(token.promisedUntil()));
        }

        boolean isDeadByOurMint() {
            return issued != null
                    && issued.killer() == Killer.OURS
                    && issued.diesAt() <= World.seconds(now);
        }

        boolean isThoughtGoodByAll() {
            return shared != null && shared.standing() == Token.Standing.GOOD;
        }
    }

    /** Returns the tokens that a mint of this move killed, or set to die. */
    List<Death> deaths() {
        if (before.provider() == after.provider()) {
            return List.of();
        }
        List<Death> deaths = new ArrayList<>();
        for (Issued was : before.provider().tokens()) {
            Issued is = after.provider().find(was.id());
            if (is != null && is.diesAt() < was.diesAt()) {
                Token known = known(before.record(), was.id());
                int settle = known == null ? 0 : settle(known);
                deaths.add(new Death(is, is.killer(), known, settle));
            }
        }
        return deaths;
    }

    private int settle(Token token) {
        var margin = java.time.Duration.between(token.promisedUntil(), token.expiresAt());
        return (int) bounds.policy().settleFor(margin).toSeconds();
    }

    private static @Nullable Token known(AppRecord record, int id) {
        for (Token token : record.tokens()) {
            if (World.id(token.value()) == id) {
                return token;
            }
        }
        return null;
    }

    /** Returns what the nodes hand out in the world after the move. */
    List<HandOut> handOuts() {
        List<HandOut> handOuts = new ArrayList<>();
        for (NodeState node : after.nodes()) {
            if (node.copy() == null) {
                continue;
            }
            switch (moves.step(node.copy(), after.now())) {
                case Step.Serve serve -> handOuts.add(handOut(serve.token(), serve.until()));
                case Step.ServeAndRenew serve ->
                        handOuts.add(handOut(serve.token(), serve.until()));
                case Step.Renew renew -> {}
                case Step.Await await -> {}
                case Step.Fail fail -> {}
            }
        }
        return handOuts;
    }

    private HandOut handOut(Token token, java.time.Instant until) {
        Token shared = known(after.record(), World.id(token.value()));
        return new HandOut(token, after.instant(), until, after.issued(token), shared);
    }

    /** Returns the mint that this move sent; {@code null} when it sent none. */
    @Nullable Request sent() {
        int size = after.network().size();
        return size > before.network().size() ? after.network().get(size - 1) : null;
    }

    /** Returns the mints of ours that may still be executed. */
    List<Request> underWay() {
        return after.network().stream().filter(request -> !request.isBack()).toList();
    }

    boolean hasRunOut(Request request) {
        return !after.instant().isBefore(request.claim().until());
    }

    /** Returns how many mints of ours the provider counts in the budget's window. */
    int minted() {
        return after.provider().arrivals().size();
    }

    int allowed() {
        return bounds.budget().map(budget -> budget.mints()).orElse(Integer.MAX_VALUE);
    }
}
