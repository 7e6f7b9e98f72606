package org.evergrant.simulation.fleet;

import java.util.List;
import java.util.SplittableRandom;

/** What is left to chance, all of it drawn from one seed. */
final class Chance {
    private final SplittableRandom random;

    private Chance(SplittableRandom random) {
        this.random = random;
    }

    static Chance of(long seed) {
        return new Chance(new SplittableRandom(seed));
    }

    /** Returns another stream, so that what one concern draws does not shift another's. */
    Chance split() {
        return new Chance(random.split());
    }

    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    /** Returns a number from {@code least} to {@code most}. */
    int from(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    double share() {
        return random.nextDouble();
    }

    /** Returns a span of any order of magnitude between the two. */
    long span(long least, long most) {
        double first = Math.log((double) least);
        double log = first + random.nextDouble() * (Math.log((double) most) - first);
        return (long) Math.exp(log);
    }

    /** Returns the time to the next of events that come by chance, {@code mean} apart. */
    long gap(long mean) {
        return Math.max(1, (long) (-Math.log(1 - random.nextDouble()) * mean));
    }

    <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
