package org.evergrant.simulation.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.simulation.model.ProviderState.Issued;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.jspecify.annotations.Nullable;

/**
 * One state of everything: the store, the provider, the nodes, the network. Immutable.
 *
 * @param now ticks since the beginning, on the store's clock
 * @param record as it is in the store
 * @param copy the record as a node that has not looked since still has it
 * @param faultsLeft how often each {@link Fault} may still happen, four bits each
 */
record World(
        int now,
        AppRecord record,
        AppRecord copy,
        boolean storeAway,
        List<NodeState> nodes,
        ProviderState provider,
        List<Request> network,
        long faultsLeft) {
    private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");
    private static final String VALUE = "t";

    /**
     * A mint on its way, to the provider or back.
     *
     * @param owner the node that waits for it; -1 when nobody does any more
     * @param latest when it arrives at the latest, or never
     * @param isDoubted whether the record says that nobody can tell what became of it
     * @param isBack whether it was executed, and the answer is on its way
     * @param minted the token that comes back; 0 for a refused index
     * @param expiresIn what the provider says of its life, in ticks
     */
    record Request(
            Claim claim,
            int owner,
            int latest,
            boolean isDoubted,
            boolean isBack,
            int minted,
            int expiresIn) {
        static Request of(Claim claim, int owner, int latest) {
            return new Request(claim, owner, latest, false, false, 0, 0);
        }

        Request abandoned(int until) {
            return new Request(claim, -1, until, isDoubted, isBack, minted, expiresIn);
        }

        Request doubted() {
            return new Request(claim, owner, latest, true, isBack, minted, expiresIn);
        }

        Request executed(int token, int life) {
            return new Request(claim, owner, latest, isDoubted, true, token, life);
        }
    }

    static World beginning(Bounds bounds) {
        List<NodeState> nodes = new ArrayList<>();
        for (int node = 0; node < bounds.nodes(); node++) {
            nodes.add(NodeState.starting((char) ('A' + node) + "1"));
        }
        long left = 0;
        for (Fault fault : Fault.values()) {
            left |= (long) bounds.most(fault) << fault.shift();
        }
        return new World(
                0,
                AppRecord.EMPTY,
                AppRecord.EMPTY,
                false,
                List.copyOf(nodes),
                ProviderState.NEW,
                List.of(),
                left);
    }

    static Instant instant(int ticks) {
        return BEGINNING.plus(Bounds.TICK.multipliedBy(ticks));
    }

    /** Returns the ticks since the beginning, rounded down. */
    static int ticks(Instant instant) {
        return Bounds.ticks(Duration.between(BEGINNING, instant));
    }

    static Secret value(int id) {
        return Secret.of(VALUE + id);
    }

    /** Returns the number of a token, told from its value; 0 for none. */
    static int id(Secret value) {
        return value.isEmpty() ? 0 : Integer.parseInt(value.reveal().substring(VALUE.length()));
    }

    Instant instant() {
        return instant(now);
    }

    boolean may(Fault fault) {
        return ((faultsLeft >> fault.shift()) & 15) > 0;
    }

    World after(Fault fault) {
        long left = faultsLeft - (1L << fault.shift());
        return new World(now, record, copy, storeAway, nodes, provider, network, left);
    }

    World at(int instant) {
        return new World(instant, record, copy, storeAway, nodes, provider, network, faultsLeft);
    }

    World storeAway(boolean away) {
        return new World(now, record, copy, away, nodes, provider, network, faultsLeft);
    }

    /** Returns the world after the node that only hands out looked again. */
    World read() {
        return new World(now, record, record, storeAway, nodes, provider, network, faultsLeft);
    }

    World with(int node, NodeState state) {
        List<NodeState> changed = new ArrayList<>(nodes);
        changed.set(node, state);
        return new World(
                now, record, copy, storeAway, List.copyOf(changed), provider, network, faultsLeft);
    }

    World with(ProviderState changed) {
        return new World(now, record, copy, storeAway, nodes, changed, network, faultsLeft);
    }

    World with(Request sent) {
        List<Request> requests = new ArrayList<>(network);
        requests.add(sent);
        return with(requests);
    }

    World without(Request gone) {
        List<Request> requests = new ArrayList<>(network);
        requests.remove(gone);
        return with(requests);
    }

    World with(Request old, Request changed) {
        List<Request> requests = new ArrayList<>(network);
        requests.set(network.indexOf(old), changed);
        return with(requests);
    }

    private World with(List<Request> requests) {
        return new World(
                now, record, copy, storeAway, nodes, provider, List.copyOf(requests), faultsLeft);
    }

    /** Returns the world after the record was written: what it promises is told to callers. */
    World written(AppRecord changed) {
        if (changed.equals(record)) {
            return this;
        }
        ProviderState told = provider;
        for (Token token : changed.tokens()) {
            if (token.standing() == Token.Standing.GOOD) {
                told = told.told(id(token.value()), ticks(token.promisedUntil()));
            }
        }
        return new World(now, changed, copy, storeAway, nodes, told, network, faultsLeft);
    }

    @Nullable Issued issued(Token token) {
        return provider.find(id(token.value()));
    }

    boolean isLive(Token token) {
        Issued issued = issued(token);
        return issued != null && issued.isLive(now);
    }
}
