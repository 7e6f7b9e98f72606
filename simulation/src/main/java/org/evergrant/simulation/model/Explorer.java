package org.evergrant.simulation.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explores every state that the {@link Bounds} allow, nearest first, so that the first breach found
 * is one of the shortest.
 */
final class Explorer {
    private final Bounds bounds;
    private final Protocol protocol;
    private final Set<Invariant> invariants;
    private final int rivalEvery;

    private Explorer(Bounds bounds, Protocol protocol, Set<Invariant> invariants, int rivalEvery) {
        this.bounds = bounds;
        this.protocol = protocol;
        this.invariants = invariants;
        this.rivalEvery = rivalEvery;
    }

    /** Returns one that checks everything. */
    static Explorer of(Bounds bounds, Protocol protocol) {
        return new Explorer(bounds, protocol, EnumSet.allOf(Invariant.class), 0);
    }

    /** Returns one that checks these alone, and the way back to a token only with none of them. */
    Explorer checkingOnly(Invariant... some) {
        Set<Invariant> checked = EnumSet.noneOf(Invariant.class);
        checked.addAll(List.of(some));
        return new Explorer(bounds, protocol, checked, rivalEvery);
    }

    /** Returns one for which a rival mints all {@code ticks} on the way back to a token. */
    Explorer besideARival(int ticks) {
        return new Explorer(bounds, protocol, invariants, ticks);
    }

    /**
     * What was found.
     *
     * @param states how many different ones
     * @param moves how many were tried
     * @param depth the most moves from the beginning to a state
     * @param recovery the longest way back to a live token, in ticks
     * @param took real time
     * @param breach the first one; {@code null} when every invariant holds everywhere
     */
    record Found(
            Bounds bounds,
            int states,
            long moves,
            int depth,
            int recovery,
            Duration took,
            @Nullable Breach breach) {}

    /** A broken invariant and the way to it. */
    record Breach(String words, List<Move> trace) {}

    /**
     * Within this a live token is published from any state: a claim's life, the longest wait
     * between retries that so few faults lead to, a mint, and the window of a budget that is used
     * up.
     */
    private static final int MOST_TICKS = 20;

    private record Open(int number, World world) {}

    /** Explores until there is nothing new, or the first breach. */
    Found explore() {
        int window = bounds.budget().map(budget -> Bounds.ticks(budget.window())).orElse(0);
        return explore(MOST_TICKS + window);
    }

    /** Explores; every state must lead back to a live token within {@code mostTicks}. */
    Found explore(int mostTicks) {
        long began = System.nanoTime();
        Moves moves = new Moves(bounds, protocol);
        Recovery recovery = new Recovery(moves, mostTicks, rivalEvery);
        boolean isRecovering = invariants.isEmpty() || invariants.size() > 1;
        Visited visited = new Visited();
        World beginning = World.beginning(bounds);
        visited.add(moves.fingerprint(beginning), -1, 0);
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
                    int number = visited.add(moves.fingerprint(after), open.number, move.packed());
                    Seen seen = new Seen(moves, bounds, open.world, after);
                    String broken = broken(seen);
                    int took =
                            isRecovering && broken == null && number >= 0
                                    ? recovery.ticks(after)
                                    : 0;
                    if (took == Recovery.NEVER) {
                        broken = "a live token is published within " + mostTicks + " ticks";
                    }
                    if (broken != null) {
                        List<Move> trace = trace(visited, open.number);
                        trace.add(move);
                        Breach breach = new Breach(broken, trace);
                        return new Found(
                                bounds,
                                visited.size(),
                                tried,
                                depth + 1,
                                longest,
                                since(began),
                                breach);
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
        return new Found(bounds, visited.size(), tried, depth - 1, longest, since(began), null);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private @Nullable String broken(Seen seen) {
        for (Invariant invariant : invariants) {
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
