package org.evergrant.simulation.fleet;

/**
 * How often each fault comes in one fleet. Times are the mean time between two, in nanoseconds;
 * shares are of one; what never comes has {@link #NEVER}, or the share 0.
 *
 * @param crash of one machine
 * @param close of one machine, gracefully
 * @param stall of one machine
 * @param suspend of one machine
 * @param cutOff of one machine, from the store
 * @param storeAway for all
 * @param storeSlow for all
 * @param storeJump of the store's clock
 * @param stallInStore the share of store calls in the middle of which a machine stands still
 * @param stallAtSend the share of mints before the sending of which a machine stands still
 * @param stallAtClock the share of clock readings after which a machine stands still
 * @param storeUnheard the share of store calls that are done and never answered
 * @param watchLost the share of watch events that never come
 * @param watchLate the share of watch events that come late
 * @param mintLost the share of mints of which no answer comes
 * @param mintFailed the share of mints that are answered with a 5xx
 * @param providerAway of one app's provider
 * @param providerFailing of one app's provider
 * @param providerLimiting of one app's provider
 * @param deactivated of one app
 * @param ruleChanged of one app
 * @param rival of one app
 * @param falseRefusals the share of calls that the API refuses although the token lives
 */
record Rates(
        long crash,
        long close,
        long stall,
        long suspend,
        long cutOff,
        long storeAway,
        long storeSlow,
        long storeJump,
        double stallInStore,
        double stallAtSend,
        double stallAtClock,
        double storeUnheard,
        double watchLost,
        double watchLate,
        double mintLost,
        double mintFailed,
        long providerAway,
        long providerFailing,
        long providerLimiting,
        long deactivated,
        long ruleChanged,
        long rival,
        double falseRefusals) {
    static final long NEVER = Long.MAX_VALUE;

    /** Returns rates under which nothing ever goes wrong. */
    static Rates calm() {
        return new Rates(
                NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, 0, 0, 0, 0, 0, 0, 0, 0,
                NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, 0);
    }

    /** Returns rates of which each is at home in about half of all fleets. */
    static Rates drawn(Chance chance) {
        return new Rates(
                time(chance, Span.DAY, 20 * Span.DAY),
                time(chance, Span.DAY, 20 * Span.DAY),
                time(chance, 6 * Span.HOUR, 20 * Span.DAY),
                time(chance, 10 * Span.DAY, 100 * Span.DAY),
                time(chance, Span.DAY, 20 * Span.DAY),
                time(chance, Span.DAY, 20 * Span.DAY),
                time(chance, Span.DAY, 20 * Span.DAY),
                chance.happens(0.2) ? 20 * Span.DAY : NEVER,
                share(chance, 0.0003),
                share(chance, 0.01),
                share(chance, 0.0001),
                share(chance, 0.003),
                share(chance, 0.05),
                share(chance, 0.1),
                share(chance, 0.03),
                share(chance, 0.03),
                time(chance, 2 * Span.DAY, 60 * Span.DAY),
                time(chance, 2 * Span.DAY, 60 * Span.DAY),
                time(chance, 2 * Span.DAY, 60 * Span.DAY),
                time(chance, 20 * Span.DAY, 200 * Span.DAY),
                time(chance, 10 * Span.DAY, 100 * Span.DAY),
                time(chance, 2 * Span.DAY, 60 * Span.DAY),
                share(chance, 0.0003));
    }

    private static long time(Chance chance, long least, long most) {
        return chance.happens(0.6) ? chance.span(least, most) : NEVER;
    }

    private static double share(Chance chance, double most) {
        return chance.happens(0.6) ? most * chance.share() : 0;
    }
}
