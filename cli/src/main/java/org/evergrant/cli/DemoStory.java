package org.evergrant.cli;

import static org.evergrant.cli.DemoOutcome.number;

import java.util.ArrayList;
import java.util.List;
import org.evergrant.emulator.Retention;

/** Says in a few sentences what happened and why. */
final class DemoStory {
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
                            : "the newest " + retention.count() + " tokens live; each mint kills"
                                    + " the oldest";
            case GRACE -> "a mint leaves the token before it only the grace to live";
            case KEEP_ALL -> "a mint kills nothing";
            case STICKY -> "a mint returns the same token again until shortly before it expires";
        };
    }

    private String perCall() {
        DemoOutcome.Row row = outcome.row(DemoWay.PER_CALL);
        String cost = "per-call: " + number(row.mints()) + " mints; ";
        return row.failed() == 0
                ? cost + "no call failed, but a provider with a mint limit would refuse most of it."
                : cost
                        + number(row.failed())
                        + " calls failed: somebody else minted between a caller's mint and its"
                        + " call.";
    }

    private String cached() {
        DemoOutcome.Row row = outcome.row(DemoWay.CACHED);
        String cost = "cached: " + number(row.mints()) + " mints; ";
        return row.failed() == 0
                ? cost + "no call failed."
                : cost
                        + number(row.failed())
                        + " calls failed: a process keeps using its token until expires_in is over,"
                        + " though it is dead.";
    }

    private String evergrant() {
        DemoOutcome.Row row = outcome.row(DemoWay.EVERGRANT);
        String cost = "evergrant: " + number(row.mints()) + (row.mints() == 1 ? " mint" : " mints");
        if (row.calls() == 0) {
            return cost + "; no call was made at all.";
        }
        if (row.failed() > 0) {
            return cost
                    + "; "
                    + number(row.failed())
                    + " calls failed, which must not happen. The first: "
                    + row.firstFailure()
                    + ".";
        }
        String why =
                " for everybody; no call failed: a token is replaced only when no caller can be"
                        + " using it any more";
        return cost + why + pause() + ".";
    }

    /** Whoever watches the longest wait should learn where it comes from. */
    private String pause() {
        Retention retention = plan.retention();
        boolean oneLives =
                retention.rule() == Retention.Rule.NEWEST_ONLY
                        || (retention.rule() != Retention.Rule.GRACE && retention.count() == 1);
        return oneLives
                ? ". The longest wait is that pause, once in a token's life (an hour, in earnest)"
                : "";
    }
}
