package org.evergrant.simulation.fleet;

import java.util.List;

/** What goes wrong with the store and with the providers. */
final class Weather {
    private final World world;
    private final Agenda agenda;
    private final SharedStore store;
    private final Judge judge;
    private final Trace trace;
    private final Chance chance;

    Weather(World world, Chance chance) {
        this.world = world;
        this.agenda = world.agenda();
        this.store = world.store();
        this.judge = world.judge();
        this.trace = world.trace();
        this.chance = chance;
    }

    void begin() {
        Rates rates = world.plan().rates();
        Chance own = chance.split();
        world.every(own, rates.storeAway(), () -> storeAway(own));
        world.every(own, rates.storeSlow(), () -> storeSlow(own));
        world.every(own, rates.storeJump(), () -> storeJump(own));
        for (AppPlan app : world.plan().apps()) {
            begin(app, rates, chance.split());
        }
    }

    private void begin(AppPlan app, Rates rates, Chance own) {
        Account account = world.accounts().get(app.number());
        world.every(
                own,
                rates.providerAway(),
                () -> {
                    long nanos = own.span(Span.SECOND, 2 * Span.HOUR);
                    note(app, Happening.PROVIDER_AWAY, nanos);
                    account.goAway(nanos);
                });
        world.every(
                own,
                rates.providerFailing(),
                () -> {
                    long nanos = own.span(Span.SECOND, Span.HOUR);
                    note(app, Happening.PROVIDER_FAILING, nanos);
                    account.failFor(nanos);
                });
        world.every(
                own,
                rates.providerLimiting(),
                () -> {
                    long nanos = own.span(Span.SECOND, 3 * Span.HOUR);
                    note(app, Happening.PROVIDER_LIMITING, nanos);
                    account.limitFor(nanos);
                });
        world.every(
                own,
                rates.deactivated(),
                () -> {
                    long nanos = own.span(Span.MINUTE, Span.DAY);
                    note(app, Happening.DEACTIVATED, nanos);
                    account.deactivate(nanos);
                    agenda.after(nanos, () -> note(app, Happening.ACTIVATED, 0));
                });
        world.every(own, rates.ruleChanged(), () -> change(app, account, own));
        world.every(own, rates.rival(), () -> rival(app, account, own));
    }

    private void change(AppPlan app, Account account, Chance own) {
        Rule changed =
                own.happens(0.5)
                        ? app.configured()
                        : own.oneOf(
                                List.of(
                                        Rule.parse("newest-only"),
                                        Rule.parse("newest:2"),
                                        Rule.parse("keep-all"),
                                        Rule.parse("grace:30s"),
                                        Rule.parse("indexed:2"),
                                        Rule.parse("sticky:20s")));
        trace.note(app.number(), Trace.NONE, Happening.RULE_CHANGED, 0, changed);
        judge.disturbed(app.number(), 0);
        account.change(changed, own.happens(0.5));
    }

    /** One that mints once, or one that goes on for a while. */
    private void rival(AppPlan app, Account account, Chance own) {
        long nanos = own.happens(0.5) ? 1 : own.span(Span.MINUTE, 6 * Span.HOUR);
        note(app, Happening.RIVAL_CAME, nanos);
        rivalMints(app, account, own, agenda.now() + nanos, own.span(Span.SECOND, Span.HOUR));
    }

    private void rivalMints(AppPlan app, Account account, Chance own, long until, long mean) {
        Account.Minted minted = account.mint(0, null, (token, at) -> Issued.Fate.RIVAL);
        Issued token = minted.token();
        note(app, Happening.RIVAL_MINTED, token == null ? 0 : token.number());
        judge.disturbed(app.number(), 0);
        long next = own.gap(mean);
        if (agenda.now() + next < until) {
            agenda.after(next, () -> rivalMints(app, account, own, until, mean));
        }
    }

    private void storeAway(Chance own) {
        long nanos = own.span(Span.SECOND, Span.HOUR);
        trace.note(Trace.NONE, Trace.NONE, Happening.STORE_AWAY, nanos);
        judge.storeDisturbed(nanos);
        store.goAway(nanos);
    }

    private void storeSlow(Chance own) {
        long nanos = own.span(Span.SECOND, Span.HOUR);
        trace.note(Trace.NONE, Trace.NONE, Happening.STORE_SLOW, nanos);
        judge.storeDisturbed(nanos);
        store.slowDown(nanos);
    }

    private void storeJump(Chance own) {
        long size = own.span(10 * Span.MILLISECOND, Disturbances.LONGEST_JUMP);
        long nanos = own.happens(0.5) ? size : -size;
        trace.note(Trace.NONE, Trace.NONE, Happening.STORE_CLOCK_JUMPED, nanos);
        store.jump(nanos);
        judge.storeJumped();
    }

    private void note(AppPlan app, Happening what, long nanos) {
        trace.note(app.number(), Trace.NONE, what, nanos);
    }
}
