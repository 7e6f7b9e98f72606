package org.evergrant.simulation.fleet;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The sum of what came of many seeds. */
final class Table {
    private static final double NANOS_PER_MINUTE = Span.MINUTE;

    private final Map<Cause, Long> failures = new EnumMap<>(Cause.class);
    private final Map<Reason, Long> claims = new EnumMap<>(Reason.class);
    private long seeds;
    private long failed;
    private long days;
    private long nodes;
    private long apps;
    private long nodeDays;
    private long calls;
    private long asks;
    private long refusals;
    private long mints;
    private long took;

    void add(Outcome outcome) {
        Tally tally = outcome.tally();
        seeds++;
        failed += outcome.isWell() ? 0 : 1;
        days += outcome.plan().days();
        nodes += outcome.plan().machines();
        apps += outcome.plan().apps().size();
        nodeDays += outcome.nodeDays();
        calls += tally.calls();
        asks += tally.asks();
        refusals += tally.refusals();
        mints += tally.mints();
        took += outcome.took();
        tally.failures().forEach((cause, many) -> failures.merge(cause, many, Long::sum));
        tally.claims().forEach((reason, many) -> claims.merge(reason, many, Long::sum));
    }

    long seeds() {
        return seeds;
    }

    long failed() {
        return failed;
    }

    long nodeDays() {
        return nodeDays;
    }

    long failures(Cause cause) {
        return failures.getOrDefault(cause, 0L);
    }

    long claims(Reason reason) {
        return claims.getOrDefault(reason, 0L);
    }

    /**
     * Returns the table, in lines.
     *
     * @param elapsed in real nanoseconds, from the first seed to the last
     */
    String told(long elapsed) {
        StringBuilder told = new StringBuilder();
        line(told, "seeds", seeds);
        line(told, "seeds that broke a rule", failed);
        line(told, "simulated days", days);
        line(told, "nodes", nodes);
        line(told, "apps", apps);
        line(told, "node-days", nodeDays);
        line(told, "node-days a minute", (long) (nodeDays * NANOS_PER_MINUTE / elapsed));
        line(told, "node-days a minute and thread", (long) (nodeDays * NANOS_PER_MINUTE / took));
        line(told, "asks", asks);
        line(told, "asks answered with an error", refusals);
        line(told, "calls", calls);
        long lost = failures.values().stream().mapToLong(Long::longValue).sum();
        line(told, "failed calls", lost);
        for (Cause cause : Cause.values()) {
            line(told, "  " + cause.words(), failures(cause));
        }
        line(told, "mints", mints);
        long claimed = claims.values().stream().mapToLong(Long::longValue).sum();
        line(told, "claims", claimed);
        for (Reason reason : Reason.values()) {
            line(told, "  " + reason.words(), claims(reason));
        }
        return told.toString();
    }

    private static void line(StringBuilder told, String what, long many) {
        told.append(String.format(Locale.ROOT, "%-55s %,15d%n", what, many));
    }
}
