package org.evergrant.simulation.fleet;

/**
 * One seed's weeks: whole nodes on machines of virtual time, on one thread. Everything that is left
 * to chance comes from the seed, so the same seed gives the same trace.
 */
final class Fleet {
    /** Monotonic clocks are fast or slow by this many millionths at most. */
    private static final int MOST_DRIFT = 200;

    private Fleet() {}

    /** Lets the weeks of this plan pass. */
    static Outcome run(Plan plan) {
        return run(plan, Planted.NOTHING);
    }

    /** Lets the weeks of this plan pass, with a bug planted. */
    static Outcome run(Plan plan, Planted planted) {
        long began = System.nanoTime();
        World world = World.of(plan);
        Chance chance = Chance.of(~plan.seed());
        for (int number = 0; number < plan.machines(); number++) {
            Chance own = chance.split();
            int drift = own.from(-MOST_DRIFT, MOST_DRIFT);
            long start = own.span(Span.SECOND, 100 * Span.DAY);
            Machine machine = new Machine(number, world.agenda(), start, drift);
            new Seat(world, planted, machine, own).begin();
        }
        new Weather(world, chance.split()).begin();
        for (long hour = Span.HOUR; hour <= plan.end(); hour += Span.HOUR) {
            world.agenda().runUntil(hour);
            if (!world.tally().broken().isEmpty()) {
                // What comes after a breach may be its consequence.
                break;
            }
        }
        Trace trace = world.trace();
        return new Outcome(
                plan, world.tally(), trace.lines(), trace.end(), System.nanoTime() - began);
    }
}
