package org.evergrant.cli;

import static org.evergrant.cli.DemoOutcome.number;

import java.util.ArrayList;
import java.util.List;
import org.evergrant.emulator.Retention;

/** Says in a few sentences what happened and why. */
final class DemoStory {
    private static final String PAUSE =
            " Once in a token's life its callers wait until the calls under way are through, and"
                    + " only then the next one is minted.";
    private static final String OVERLAP =
            " The next token is minted while the one in use lives on, so nobody waits for it.";

    /** How long callers may be on their way: half the margin, which is a tenth of a life. */
    private static final int LIVES_IN_SETTLE = 20;

    private final DemoPlan plan;
    private final DemoOutcome outcome;

    private DemoStory(DemoPlan plan, DemoOutcome outcome) {
        this.plan = plan;
        this.outcome = outcome;
    }

    static List<String> of(DemoPlan plan, DemoOutcome outcome) {
        return new DemoStory(plan, outcome).sentences();
    }

    private List<String> sentences() {
        List<String> all = new ArrayList<>();
        all.add("Under " + plan.retention() + " " + rule() + ".");
        all.add(perCall());
        all.add(cached());
        all.add(evergrant());
        return all;
    }

    private String rule() {
        Retention retention = plan.retention();
        return switch (retention.rule()) {
            case NEWEST_ONLY -> "every mint kills the token before it at once";
            case INDEXED ->
                    "a mint kills the token before it at the same index, and who names no index"
                            + " mints at 0";
            case NEWEST ->
                    retention.count() == 1
                            ? "every mint kills the token before it at once"
                            : "the newest "
                                    + retention.count()
                                    + " tokens live; each mint kills"
                                    + " the oldest";
            case GRACE -> "a mint leaves the token before it only the grace to live";
            case KEEP_ALL -> "a mint kills nothing";
            case STICKY -> "a mint returns the same token again until shortly before it expires";
        };
    }

    private String perCall() {
        return byHand(
                outcome.row(DemoWay.PER_CALL),
                "another caller's mint came between a caller's mint and its call",
                ", one for every call, which a provider with a mint limit would refuse");
    }

    private String cached() {
        return byHand(
                outcome.row(DemoWay.CACHED),
                "another process's mint had killed a token that its own process went on using until"
                        + " expires_in was over",
                "");
    }

    private String byHand(DemoOutcome.Row row, String why, String but) {
        String cost = row.way().word() + ": " + mints(row);
        if (row.failed() == 0) {
            return cost + but + "; no call failed.";
        }
        String losses = cost + "; " + failures(row);
        return mintsKill()
                ? losses + ": " + why + "."
                : losses + ", the first because " + row.firstFailure() + ".";
    }

    private boolean mintsKill() {
        Retention.Rule rule = plan.retention().rule();
        return rule != Retention.Rule.KEEP_ALL && rule != Retention.Rule.STICKY;
    }

    private static String failures(DemoOutcome.Row row) {
        return number(row.failed()) + (row.failed() == 1 ? " failed call" : " failed calls");
    }

    private static String mints(DemoOutcome.Row row) {
        return number(row.mints()) + (row.mints() == 1 ? " mint" : " mints");
    }

    private String evergrant() {
        DemoOutcome.Row row = outcome.row(DemoWay.EVERGRANT);
        String cost = "evergrant: " + mints(row);
        if (row.calls() == 0) {
            return cost + "; no call was made at all.";
        }
        if (row.failed() > 0) {
            return cost
                    + "; "
                    + failures(row)
                    + ", which must not be. The first: "
                    + row.firstFailure()
                    + ". A machine so busy that a call takes more than "
                    + plan.lifetime().dividedBy(LIVES_IN_SETTLE).toMillis()
                    + " ms to arrive needs a longer --lifetime.";
        }
        return cost + " for everybody; no call failed." + (oneLives() ? PAUSE : OVERLAP);
    }

    /** Whether a renewal cannot but kill the token in use. */
    private boolean oneLives() {
        Retention retention = plan.retention();
        return switch (retention.rule()) {
            case NEWEST_ONLY -> true;
            case INDEXED, NEWEST -> retention.count() == 1;
            case GRACE, KEEP_ALL, STICKY -> false;
        };
    }
}
