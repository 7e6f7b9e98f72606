package org.evergrant.simulation.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Explores every state that the {@link Bounds} allow, nearest first, so that the first breach found
 * is one of the shortest.
 */
final class Explorer {
    private final Bounds bounds;
    private final Protocol protocol;

    Explorer(Bounds bounds, Protocol protocol) {
        this.bounds = bounds;
        this.protocol = protocol;
    }

    /**
     * What was found.
     *
     * @param states how many different ones
     * @param moves how many were tried
     * @param depth the most moves from the beginning to a state
     * @param recovery the longest way back to a live token, in seconds
     * @param breach the first one; {@code null} when every invariant holds everywhere
     */
    record Found(
            Bounds bounds,
            int states,
            long moves,
            int depth,
            int recovery,
            @Nullable Breach breach) {}

    /** A broken invariant and the way to it. */
    record Breach(String words, List<Move> trace) {}

    private record Open(int number, World world) {}

    Found explore(int mostSeconds) {
        Moves moves = new Moves(bounds, protocol);
        Recovery recovery = new Recovery(moves, mostSeconds, 0);
        Visited visited = new Visited();
        World beginning = World.beginning(bounds);
        visited.add(Fingerprint.of(beginning), -1, 0);
        List<Open> level = List.of(new Open(0, beginning));
        long tried = 0;
        int depth = 0;
        int longest = 0;
        while (!level.isEmpty()) {
            List<Open> next = new ArrayList<>();
            for (Open open : level) {
                for (Move move : moves.from(open.world)) {
                    tried++;
                    World after = moves.after(open.world, move);
                    int number = visited.add(Fingerprint.of(after), open.number, move.packed());
                    Seen seen = new Seen(moves, bounds, open.world, after);
                    String broken = broken(seen);
                    int took = broken == null && number >= 0 ? recovery.seconds(after) : 0;
                    if (took == Recovery.NEVER) {
                        broken = "a live token is published within " + mostSeconds + " s";
                    }
                    if (broken != null) {
                        List<Move> trace = trace(visited, open.number);
                        trace.add(move);
                        Breach breach = new Breach(broken, trace);
                        return new Found(bounds, visited.size(), tried, depth + 1, longest, breach);
                    }
                    longest = Math.max(longest, took);
                    if (number >= 0) {
                        next.add(new Open(number, after));
                    }
                }
            }
            level = next;
            depth++;
        }
        return new Found(bounds, visited.size(), tried, depth - 1, longest, null);
    }

    private static @Nullable String broken(Seen seen) {
        for (Invariant invariant : Invariant.values()) {
            if (!invariant.holds(seen)) {
                return invariant.words();
            }
        }
        return null;
    }

    private static List<Move> trace(Visited visited, int state) {
        List<Move> trace = new ArrayList<>();
        for (int at = state; visited.parent(at) >= 0; at = visited.parent(at)) {
            trace.add(0, visited.move(at));
        }
        return trace;
    }
}
