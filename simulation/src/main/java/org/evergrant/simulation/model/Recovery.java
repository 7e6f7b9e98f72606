package org.evergrant.simulation.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.evergrant.Token;
import org.evergrant.simulation.model.Fingerprint.Bits;
import org.evergrant.simulation.model.Move.Kind;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes from a state until a live token is published and handed out, when from then on
 * the store and the provider are up, the nodes do at once what they can, and callers report their
 * 401s. One way of going on is tried for each state: the first of the moves that are left.
 */
final class Recovery {
    /** No end in sight. */
    static final int NEVER = Integer.MAX_VALUE;

    private final Moves moves;
    private final int most;
    private final int rivalEvery;
    private final Map<Key, Integer> known = new HashMap<>();

    private record Key(Bits state, int phase) {}

    /**
     * Makes one.
     *
     * @param most ticks after which recovery has failed
     * @param rivalEvery how many ticks apart a rival goes on minting; 0 for no rival
     */
    Recovery(Moves moves, int most, int rivalEvery) {
        this.moves = moves;
        this.most = most;
        this.rivalEvery = rivalEvery;
    }

    /** Returns in how many ticks a live token is handed out; {@link #NEVER} when not in time. */
    int ticks(World from) {
        int[] path = new int[most + 1];
        Key[] keys = new Key[most + 1];
        World world = from;
        int took = NEVER;
        int depth = 0;
        for (; depth <= most; depth++) {
            Key key = new Key(moves.fingerprint(world), rivalEvery == 0 ? 0 : depth % rivalEvery);
            Integer before = known.get(key);
            if (before != null) {
                took = before;
                break;
            }
            keys[depth] = key;
            world = busy(world);
            if (isServed(world)) {
                known.put(key, 0);
                took = 0;
                break;
            }
            world = moves.after(world, new Move(Kind.TICK, 0, 0));
            if (rivalEvery > 0 && (depth + 1) % rivalEvery == 0) {
                world = moves.rival(world);
            }
        }
        for (int back = depth - 1; back >= 0 && took != NEVER; back--) {
            took++;
            path[back] = took;
            known.put(keys[back], took);
        }
        return took > most ? NEVER : took;
    }

    /** Does all that can be done at this instant. */
    World busy(World from) {
        World world = from;
        for (int step = 0; step < 1000; step++) {
            Move move = first(moves.from(world));
            if (move == null) {
                return world;
            }
            world = moves.after(world, move);
        }
        return world;
    }

    private static @Nullable Move first(List<Move> all) {
        for (Move move : all) {
            switch (move.kind()) {
                case WAKE, CLAIM, SEND, LET_GO, ARRIVE, ANSWER, PUBLISH, REPORT, STORE_BACK -> {
                    return move;
                }
                default -> {}
            }
        }
        return null;
    }

    boolean isServed(World world) {
        Token served = Moves.served(moves.step(world.record(), world.instant()));
        return served != null && world.isLive(served);
    }
}
