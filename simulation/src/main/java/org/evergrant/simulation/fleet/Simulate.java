package org.evergrant.simulation.fleet;

/** tmp */
public final class Simulate {
    private Simulate() {}

    /** tmp */
    public static void main(String[] a) {
        for (long seed = Long.parseLong(a[0]); seed < Long.parseLong(a[1]); seed++) {
            Outcome o = Fleet.run(Plan.of(seed));
            System.out.printf(
                    "%d: %d nodedays %d apps, %d lines %.1fs %s calls %d asks %d refused %d mints %d %s %s %s%n",
                    seed, o.nodeDays(), o.plan().apps().size(), o.lines(), o.took() / 1e9, o.digest().substring(0, 8),
                    o.tally().calls(), o.tally().asks(), o.tally().refusals(), o.tally().mints(),
                    o.tally().claims(), o.tally().failures(), o.tally().broken());
            if (a.length > 2) {
                for (var b : o.tally().breaches()) {
                    System.out.println(b.rule() + " app " + b.app() + " " + o.plan().apps().get(b.app()));
                    System.out.println(b.story());
                }
            }
        }
    }
}
