package org.evergrant.simulation.fleet;

import java.util.ArrayList;
import java.util.List;

/** What all machines of a fleet have around them. */
record World(
        Plan plan,
        Agenda agenda,
        Trace trace,
        SharedStore store,
        List<Account> accounts,
        Tally tally,
        Judge judge) {

    static World of(Plan plan) {
        Agenda agenda = new Agenda();
        Trace trace = new Trace(agenda, plan.apps().size());
        SharedStore store =
                new SharedStore(
                        agenda, plan.apps().stream().map(app -> app.app().recordId()).toList());
        List<Account> accounts = new ArrayList<>();
        for (AppPlan app : plan.apps()) {
            accounts.add(new Account(app.number(), app.atFirst(), app.life(), agenda, trace));
        }
        Tally tally = new Tally();
        Judge judge = new Judge(plan, agenda, store, accounts, trace, tally);
        return new World(plan, agenda, trace, store, List.copyOf(accounts), tally, judge);
    }

    /** Has {@code task} happen by chance, again and again, {@code mean} apart. */
    void every(Chance chance, long mean, Runnable task) {
        if (mean != Rates.NEVER) {
            agenda.after(
                    chance.gap(mean),
                    () -> {
                        task.run();
                        every(chance, mean, task);
                    });
        }
    }
}
