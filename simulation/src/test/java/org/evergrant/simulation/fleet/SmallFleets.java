package org.evergrant.simulation.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Fleets of a few machines and apps, for a few days. */
final class SmallFleets {
    private static final int MACHINES = 3;

    /** So many apps are drawn at most until there are enough of those looked for. */
    private static final int MOST_DRAWN = 10_000;

    private SmallFleets() {}

    /** Returns a fleet to which nothing happens, of apps that keep this retention. */
    static Plan calm(long seed, String rule) {
        return of(seed, Rates.calm(), app -> app.app().retention().toString().equals(rule));
    }

    /** Returns a fleet to which everything happens that comes with the seed. */
    static Plan stormy(long seed) {
        return of(seed, Rates.drawn(Chance.of(seed)), app -> true);
    }

    /** Returns a fleet of apps of an hour or two that are as {@code which} says. */
    static Plan of(long seed, Rates rates, Predicate<AppPlan> which) {
        Chance chance = Chance.of(seed);
        List<AppPlan> apps = new ArrayList<>();
        for (int drawn = 0; drawn < MOST_DRAWN && apps.size() < 6; drawn++) {
            AppPlan app = AppPlan.drawn(apps.size(), MACHINES, chance);
            boolean shared = app.machines().size() > 1 && app.life() <= 2 * Span.HOUR;
            if (shared && app.configured().equals(app.atFirst()) && which.test(app)) {
                apps.add(app);
            }
        }
        return new Plan(seed, MACHINES, 2, List.copyOf(apps), rates);
    }
}
