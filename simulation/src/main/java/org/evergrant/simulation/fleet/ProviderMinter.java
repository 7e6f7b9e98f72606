package org.evergrant.simulation.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.Secret;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Trouble;

/**
 * The way from one machine to the providers, and back. A mint arrives within its deadline; one that
 * was given up arrives within the settle after that, or never.
 */
final class ProviderMinter implements Minter {
    private final SharedStore store;
    private final List<Account> accounts;
    private final Machine machine;
    private final Agenda agenda;
    private final Rates rates;
    private final Chance chance;
    private final Judge judge;
    private final Trace trace;
    private int underWay;

    ProviderMinter(World world, Machine machine, Chance chance) {
        this.store = world.store();
        this.accounts = world.accounts();
        this.machine = machine;
        this.agenda = world.agenda();
        this.rates = world.plan().rates();
        this.chance = chance;
        this.judge = world.judge();
        this.trace = world.trace();
    }

    /** Returns whether no mint of this machine is under way. */
    boolean isIdle() {
        return underWay == 0;
    }

    @Override
    public CompletableFuture<Answer> mint(App app, int index) {
        int number = store.numberOf(app.recordId());
        Account account = accounts.get(number);
        boolean stalls = chance.happens(rates.stallAtSend());
        if (stalls) {
            long nanos = chance.span(Span.SECOND, 5 * Span.MINUTE);
            trace.note(number, machine.number(), Happening.STALLED, nanos);
            judge.disturbedBy(machine.number(), nanos);
            machine.stallHere(nanos);
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        underWay++;
        CompletableFuture<?> _ = answer.whenComplete((done, failure) -> underWay--);
        if (account.isAway()) {
            judge.disturbed(number, 0);
            long after = chance.happens(0.5) ? Span.MILLISECOND : app.mintDeadline().toNanos();
            answer(number, answer, after, refused(Trouble.Kind.UNREACHABLE, 0));
            return answer;
        }
        send(number, account, app, index, answer);
        return answer;
    }

    private void send(
            int number, Account account, App app, int index, CompletableFuture<Answer> answer) {
        long deadline = app.mintDeadline().toNanos();
        long settle = app.settle().toNanos();
        boolean lost = chance.happens(rates.mintLost());
        boolean late = lost && chance.happens(0.3);
        boolean never = lost && !late && chance.happens(0.5);
        long there =
                late
                        ? deadline + (long) (settle * 0.95 * chance.share())
                        : chance.span(2 * Span.MILLISECOND, 400 * Span.MILLISECOND);
        long at = never ? Long.MAX_VALUE : agenda.now() + there;
        MintRequest request = judge.sent(number, machine.number(), index, at);
        trace.note(number, machine.number(), Happening.SENT, index);
        if (lost) {
            judge.disturbed(number, deadline);
        }
        CompletableFuture<?> _ = answer.whenComplete((heard, failure) -> judge.heard(request));
        Runnable unheard = () -> complete(number, answer, new Doubtful("lost", Optional.empty()));
        machine.later(lost && !late && chance.happens(0.5) ? there * 2 : deadline, unheard);
        if (!never) {
            int life = machine.life();
            agenda.at(
                    at,
                    () -> {
                        Answer came = arrive(number, account, request);
                        if (!lost && machine.life() == life) {
                            long back = chance.span(2 * Span.MILLISECOND, 400 * Span.MILLISECOND);
                            answer(number, answer, back, came);
                        }
                    });
        }
    }

    /** The request is there: what the provider does, and what it says. */
    private Answer arrive(int number, Account account, MintRequest request) {
        judge.arrived(request);
        if (account.isDeactivated()) {
            trace.note(number, request.machine(), Happening.ARRIVED_REFUSED, 0);
            return refused(Trouble.Kind.MISCONFIGURED, 0);
        }
        if (account.limitedFor() > 0) {
            trace.note(number, request.machine(), Happening.ARRIVED_REFUSED, 1);
            long wait = Math.max(Span.SECOND, account.limitedFor());
            judge.disturbed(number, wait);
            return refused(Trouble.Kind.RATE_LIMITED, wait);
        }
        boolean fails = account.isFailing() || chance.happens(rates.mintFailed());
        if (fails) {
            judge.disturbed(number, 0);
        }
        if (fails && chance.happens(0.5)) {
            trace.note(number, request.machine(), Happening.ARRIVED_REFUSED, 2);
            return new Doubtful("answered 500", Optional.empty());
        }
        Account.Minted minted =
                account.mint(
                        request.index(),
                        request,
                        (token, at) -> judge.fateOf(account, token, request, at));
        Issued token = minted.token();
        if (token == null) {
            trace.note(number, request.machine(), Happening.ARRIVED_REFUSED, 3);
            judge.disturbed(number, 0);
            return refused(Trouble.Kind.INDEX, 0);
        }
        judge.minted(request);
        trace.note(number, request.machine(), Happening.ARRIVED, token.number());
        return fails
                ? new Doubtful("answered 502", Optional.empty())
                : new Minted(
                        Secret.of(token.value()),
                        "bearer",
                        "",
                        "",
                        Optional.of(Duration.ofNanos(minted.expiresIn())));
    }

    private static NotMinted refused(Trouble.Kind kind, long wait) {
        return new NotMinted(
                kind,
                "refused",
                wait == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(wait)));
    }

    private void answer(int app, CompletableFuture<Answer> to, long after, Answer answer) {
        machine.later(after, () -> complete(app, to, answer));
    }

    private void complete(int app, CompletableFuture<Answer> to, Answer answer) {
        if (!to.isDone()) {
            trace.note(app, machine.number(), Happening.ANSWERED, 0, answer);
            to.complete(answer);
        }
    }

    @Override
    public void close() {}
}
