package org.evergrant.simulation.model;

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
 * @param now seconds since the beginning, on the store's clock
 * @param version of the record in the store
 * @param faultsLeft how often each {@link Fault} may still happen, four bits each
 */
record World(
        int now,
        int version,
        AppRecord record,
        boolean storeAway,
        List<NodeState> nodes,
        ProviderState provider,
        List<Request> network,
        int faultsLeft) {
    private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");
    private static final String VALUE = "t";

    /**
     * A mint on its way, to the provider or back.
     *
     * @param owner the node that waits for it; -1 when nobody does any more
     * @param latest when it arrives at the latest, or never
     * @param isBack whether it was executed, and the answer is on its way
     * @param minted the token that comes back; 0 for a refused index
     * @param expiresIn what the provider says of its life, in seconds
     */
    record Request(
            Claim claim, int owner, int latest, boolean isBack, int minted, int expiresIn) {
        Request abandoned(int until) {
            return new Request(claim, -1, until, isBack, minted, expiresIn);
        }

        Request executed(int token, int life) {
            return new Request(claim, owner, latest, true, token, life);
        }
    }

    static World beginning(Bounds bounds) {
        List<NodeState> nodes = new ArrayList<>();
        for (int node = 0; node < bounds.nodes(); node++) {
            nodes.add(NodeState.starting((char) ('A' + node) + "1"));
        }
        int left = 0;
        for (Fault fault : Fault.values()) {
            left |= bounds.most(fault) << 4 * fault.ordinal();
        }
        return new World(
                0,
                0,
                AppRecord.EMPTY,
                false,
                List.copyOf(nodes),
                ProviderState.NEW,
                List.of(),
                left);
    }

    static Instant instant(int seconds) {
        return BEGINNING.plusSeconds(seconds);
    }

    /** Returns seconds since the beginning, rounded down. */
    static int seconds(Instant instant) {
        return (int) (instant.getEpochSecond() - BEGINNING.getEpochSecond());
    }

    static Secret value(int id) {
        return Secret.of(VALUE + id);
    }

    static int id(Secret value) {
        return value.isEmpty() ? 0 : Integer.parseInt(value.reveal().substring(VALUE.length()));
    }

    Instant instant() {
        return instant(now);
    }

    boolean may(Fault fault) {
        return (faultsLeft >> 4 * fault.ordinal() & 15) > 0;
    }

    World after(Fault fault) {
        int left = faultsLeft - (1 << 4 * fault.ordinal());
        return new World(now, version, record, storeAway, nodes, provider, network, left);
    }

    World at(int instant) {
        return new World(
                instant, version, record, storeAway, nodes, provider, network, faultsLeft);
    }

    World storeAway(boolean away) {
        return new World(now, version, record, away, nodes, provider, network, faultsLeft);
    }

    World with(int node, NodeState state) {
        List<NodeState> changed = new ArrayList<>(nodes);
        changed.set(node, state);
        return new World(
                now,
                version,
                record,
                storeAway,
                List.copyOf(changed),
                provider,
                network,
                faultsLeft);
    }

    World with(ProviderState changed) {
        return new World(now, version, record, storeAway, nodes, changed, network, faultsLeft);
    }

    World with(List<Request> changed) {
        return new World(
                now,
                version,
                record,
                storeAway,
                nodes,
                provider,
                List.copyOf(changed),
                faultsLeft);
    }

    World without(Request gone) {
        List<Request> changed = new ArrayList<>(network);
        changed.remove(gone);
        return with(changed);
    }

    World with(Request old, Request changed) {
        List<Request> requests = new ArrayList<>(network);
        requests.set(network.indexOf(old), changed);
        return with(requests);
    }

    /** Returns the world after {@code node} wrote the record; the same when nothing changed. */
    World written(int node, AppRecord changed) {
        World next = this;
        if (!changed.equals(record)) {
            ProviderState told = provider;
            for (Token token : changed.tokens()) {
                if (token.standing() == Token.Standing.GOOD) {
                    told = told.told(id(token.value()), seconds(token.promisedUntil()));
                }
            }
            next =
                    new World(
                            now,
                            version + 1,
                            changed,
                            storeAway,
                            nodes,
                            told,
                            network,
                            faultsLeft);
        }
        return next.with(node, nodes.get(node).seeing(next.version, next.record));
    }

    @Nullable Issued issued(Token token) {
        return provider.find(id(token.value()));
    }

    boolean isLive(Token token) {
        Issued issued = issued(token);
        return issued != null && issued.isLive(now);
    }
}
