package org.evergrant.simulation.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.evergrant.AppId;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.spi.Policy;

/**
 * What is explored: so many nodes, so many faults, one provider. Time is counted in steps of a
 * second; a token lives for twenty of them, and there is no bound on how many lifetimes pass.
 *
 * @param nodes how many, 1 to 4
 * @param retention as configured, and as the provider keeps it
 * @param budget how many mints the provider allows
 * @param faults how often each fault may happen, 0 to 15; absent for never
 */
record Bounds(
        int nodes, Retention retention, Optional<MintBudget> budget, Map<Fault, Integer> faults) {
    /** How long a token lives. */
    static final Duration LIFE = Duration.ofSeconds(20);

    /** How long the minter waits for an answer. */
    static final Duration MINT_DEADLINE = Duration.ofSeconds(1);

    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final Duration CLAIM_LIFE = Duration.ofSeconds(3);

    /** Refuses numbers out of range. */
    Bounds {
        if (nodes < 1 || nodes > 4) {
            throw new IllegalArgumentException("nodes: " + nodes + " (expected: 1 to 4)");
        }
        faults = Map.copyOf(faults);
        faults.forEach((fault, most) -> {
            if (most < 0 || most > 15) {
                throw new IllegalArgumentException(
                        fault.many() + ": " + most + " (expected: 0 to 15)");
            }
        });
    }

    static Bounds of(int nodes, Retention retention) {
        return new Bounds(nodes, retention, Optional.empty(), Map.of());
    }

    Bounds with(Fault fault, int most) {
        Map<Fault, Integer> changed = new EnumMap<>(Fault.class);
        changed.putAll(faults);
        changed.put(fault, most);
        return new Bounds(nodes, retention, budget, changed);
    }

    Bounds with(MintBudget changed) {
        return new Bounds(nodes, retention, Optional.of(changed), faults);
    }

    int most(Fault fault) {
        return faults.getOrDefault(fault, 0);
    }

    /** Returns what the rotation is told of the app. */
    Policy policy() {
        return new Policy(
                AppId.of("app"), retention, MARGIN, SETTLE, budget, CLAIM_LIFE, LIFE);
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
                + budget.map(some -> ", budget " + some).orElse("")
                + ", "
                + (wrong.isEmpty() ? "no faults" : wrong);
    }
}
