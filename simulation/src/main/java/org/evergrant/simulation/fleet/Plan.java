package org.evergrant.simulation.fleet;

import java.util.ArrayList;
import java.util.List;

/**
 * What a seed stands for: a fleet, its apps, what goes wrong how often, and for how long.
 *
 * @param machines how many nodes
 * @param days of virtual time
 */
record Plan(long seed, int machines, int days, List<AppPlan> apps, Rates rates) {

    /** Draws the plan of a seed. */
    static Plan of(long seed) {
        Chance chance = Chance.of(seed);
        int machines = chance.from(16, 48);
        int many = chance.from(100, 200);
        int days = chance.from(5, 15);
        List<AppPlan> apps = new ArrayList<>();
        for (int number = 0; number < many; number++) {
            apps.add(AppPlan.drawn(number, machines, chance));
        }
        return new Plan(seed, machines, days, List.copyOf(apps), Rates.drawn(chance));
    }

    long end() {
        return days * Span.DAY;
    }
}
