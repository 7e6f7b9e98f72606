package org.evergrant.simulation.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.evergrant.AppId;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.spi.DurationText;
import org.evergrant.spi.Policy;

/**
 * What is explored: so many nodes, so many faults, one provider. Time passes in ticks of half a
 * second, and there is no bound on how many lifetimes pass.
 *
 * @param nodes how many that mint, 1 to 4; one more only hands out, from a copy of the record as
 *     old as it likes
 * @param retention as configured, and as the provider keeps it
 * @param life how long a token lives, 10 to 20 s: the more tokens live at a time, the more states
 *     there are to their ages
 * @param budget how many mints the provider allows
 * @param faults how often each fault may happen, 0 to 15; absent for never
 */
record Bounds(
        int nodes,
        Retention retention,
        Duration life,
        Optional<MintBudget> budget,
        Map<Fault, Integer> faults) {
    /** The step in which time passes. */
    static final Duration TICK = Duration.ofMillis(500);

    /** How long a token lives at most. */
    static final Duration LIFE = Duration.ofSeconds(20);

    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(10);

    /** How long the minter waits for an answer. */
    static final Duration MINT_DEADLINE = Duration.ofSeconds(1);

    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration CLAIM_LIFE = Duration.ofSeconds(4);

    /** Refuses numbers out of range. */
    Bounds {
        if (nodes < 1 || nodes > 4) {
            throw new IllegalArgumentException("nodes: " + nodes + " (expected: 1 to 4)");
        }
        if (life.compareTo(SHORTEST_LIFE) < 0 || life.compareTo(LIFE) > 0) {
            throw new IllegalArgumentException(
                    "life: " + DurationText.format(life) + " (expected: 10s to 20s)");
        }
        budget.filter(some -> some.window().compareTo(LIFE) > 0)
                .ifPresent(some -> {
                    throw new IllegalArgumentException(
                            "budget: " + some + " (expected: a window of at most 20s)");
                });
        faults = Map.copyOf(faults);
        faults.forEach((fault, most) -> {
            if (most < 0 || most > 15) {
                throw new IllegalArgumentException(
                        fault.many() + ": " + most + " (expected: 0 to 15)");
            }
        });
    }

    /**
     * Returns bounds without faults. Tokens that count a window live for half as long: what can be
     * known of the ages of all of them is too much else.
     */
    static Bounds of(int nodes, Retention retention) {
        boolean isWindow = retention.window() > 1 && !retention.killsNothing();
        Duration life = isWindow ? SHORTEST_LIFE : LIFE;
        return new Bounds(nodes, retention, life, Optional.empty(), Map.of());
    }

    Bounds with(Fault fault, int most) {
        Map<Fault, Integer> changed = new EnumMap<>(Fault.class);
        changed.putAll(faults);
        changed.put(fault, most);
        return new Bounds(nodes, retention, life, budget, changed);
    }

    Bounds with(Map<Fault, Integer> changed) {
        return new Bounds(nodes, retention, life, budget, changed);
    }

    Bounds living(Duration changed) {
        return new Bounds(nodes, retention, changed, budget, faults);
    }

    Bounds with(MintBudget changed) {
        return new Bounds(nodes, retention, life, Optional.of(changed), faults);
    }

    int most(Fault fault) {
        return faults.getOrDefault(fault, 0);
    }

    /** Returns how many ticks a duration takes. */
    static int ticks(Duration duration) {
        return (int) duration.dividedBy(TICK);
    }

    /** Returns what the rotation is told of the app. */
    Policy policy() {
        return new Policy(AppId.of("app"), retention, MARGIN, SETTLE, budget, CLAIM_LIFE, life);
    }

    @Override
    public String toString() {
        String wrong =
                new EnumMap<>(faults.isEmpty() ? Map.of(Fault.CRASH, 0) : faults)
                        .entrySet().stream()
                                .filter(entry -> entry.getValue() > 0)
                                .map(entry -> entry.getValue() + " " + entry.getKey().many())
                                .collect(Collectors.joining(", "));
        return nodes
                + " nodes, "
                + retention
                + " for "
                + DurationText.format(life)
                + budget.map(some -> ", budget " + some).orElse("")
                + ", "
                + (wrong.isEmpty() ? "no faults" : wrong);
    }
}
