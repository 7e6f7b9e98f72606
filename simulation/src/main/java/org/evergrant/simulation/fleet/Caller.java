package org.evergrant.simulation.fleet;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.evergrant.Lease;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * Whoever calls one app's API from one machine: asks for tokens, sends them, keeps some, and
 * reports what the API refuses. Calls come close together around the instants at which something is
 * about to happen, and now and then in between.
 */
final class Caller {
    private static final Duration USUAL_WAIT = Duration.ofSeconds(10);

    /** So much later than its deadline a caller may hear, of time in which its machine ran. */
    private static final long SLACK = Span.SECOND / 4;

    private static final int MOST_RETRIES = 2;

    private final AppPlan plan;
    private final Machine machine;
    private final TokenSource tokens;
    private final Account account;
    private final SharedStore store;
    private final Agenda agenda;
    private final Rates rates;
    private final Chance chance;
    private final Judge judge;
    private final Trace trace;
    private @Nullable Held kept;
    private String refusedHere = "";
    private long refusedAt;

    Caller(World world, AppPlan plan, Machine machine, TokenSource tokens, Chance chance) {
        this.plan = plan;
        this.machine = machine;
        this.tokens = tokens;
        this.account = world.accounts().get(plan.number());
        this.store = world.store();
        this.agenda = world.agenda();
        this.rates = world.plan().rates();
        this.chance = chance;
        this.judge = world.judge();
        this.trace = world.trace();
    }

    /** Calls until the machine dies. */
    void begin() {
        machine.later(chance.gap(Math.min(plan.askedEvery(), plan.life() / 4)), this::goOn);
    }

    private void goOn() {
        int more = chance.happens(0.3) ? chance.from(1, 4) : 0;
        act();
        long at = 0;
        for (int call = 0; call < more; call++) {
            at += chance.span(Span.MILLISECOND, Span.SECOND);
            machine.later(at, this::act);
        }
        machine.later(at + untilNext(), this::goOn);
    }

    /** Returns the time to the next calls: by chance, or to when the token is about to change. */
    private long untilNext() {
        long gap = chance.gap(plan.askedEvery());
        Token newest = tokens.record().newest().orElse(null);
        if (newest == null || chance.happens(0.5)) {
            return gap;
        }
        long end = store.at(newest.promisedUntil());
        long about = chance.span(Span.MILLISECOND, 3 * Span.SECOND);
        long wanted = end - agenda.now() + (chance.happens(0.7) ? -about : about);
        return wanted > Span.SECOND ? Math.min(gap, wanted) : gap;
    }

    private void act() {
        Held held = kept;
        if (held != null && chance.happens(0.3)) {
            boolean isOver = agenda.now() >= held.until();
            if (!isOver || chance.happens(0.01)) {
                send(held, 0);
                return;
            }
            kept = null;
        }
        double kind = chance.share();
        if (kind < 0.97) {
            ask(usualWait(), 0);
        } else if (kind < 0.985) {
            long wanted = chance.span(Span.SECOND, plan.life());
            long wait = usualWait().toNanos();
            asked(true, wait);
            await(tokens.getAsync(Duration.ofNanos(wanted), Duration.ofNanos(wait)), true, wait, 0);
        } else if (kind < 0.99) {
            long wait = USUAL_WAIT.toNanos();
            asked(true, wait);
            await(tokens.renewAsync(USUAL_WAIT), true, wait, 0);
        } else {
            hold();
        }
    }

    private Duration usualWait() {
        return chance.happens(0.9)
                ? USUAL_WAIT
                : Duration.ofNanos(chance.span(50 * Span.MILLISECOND, Span.MINUTE));
    }

    private void asked(boolean picky, long wait) {
        judge.asked(plan.number(), machine.number(), picky, wait);
    }

    private void ask(Duration wait, int retry) {
        asked(false, wait.toNanos());
        CompletableFuture<Token> token =
                wait.equals(USUAL_WAIT) ? tokens.getAsync() : tokens.getAsync(Duration.ZERO, wait);
        await(token, false, wait.toNanos(), retry);
    }

    /** Holds a token for one call, where it can be had without a wait: nothing may block here. */
    private void hold() {
        asked(false, USUAL_WAIT.toNanos());
        CompletableFuture<Token> ready = tokens.getAsync();
        if (!ready.isDone() || ready.isCompletedExceptionally()) {
            await(ready, false, USUAL_WAIT.toNanos(), 0);
            return;
        }
        Lease lease = tokens.lease();
        Held held = held(lease.token());
        judge.given(held);
        send(held, 0);
        long open = chance.span(Span.MILLISECOND, Span.MINUTE);
        // A mint that would kill the token waits for this.
        judge.disturbed(plan.number(), open);
        machine.later(open, lease::close);
    }

    private void await(CompletableFuture<Token> future, boolean picky, long wait, int retry) {
        long askedAt = agenda.now();
        if (!future.isDone()) {
            trace.note(plan.number(), machine.number(), Happening.ASKED, wait);
            long stalled = machine.stalled();
            machine.later(wait + SLACK, () -> checkAnswered(future, stalled));
        }
        CompletableFuture<?> _ =
                future.whenComplete((token, failure) -> {
                    if (token != null) {
                        given(token, askedAt, retry);
                    } else if (failure != null) {
                        refused(failure, picky, wait);
                    }
                });
    }

    private void checkAnswered(CompletableFuture<Token> future, long stalledBefore) {
        long stalledUntilNow = machine.stalled();
        long stalled = stalledUntilNow - stalledBefore;
        if (!future.isDone() && stalled > 0) {
            machine.later(stalled, () -> checkAnswered(future, stalledUntilNow));
        } else if (!future.isDone()) {
            judge.late(plan.number());
        }
    }

    private void given(Token token, long askedAt, int retry) {
        if (!machine.isUp()) {
            return;
        }
        Held held = held(token);
        trace.note(plan.number(), machine.number(), Happening.GIVEN, held.number());
        if (held.value().equals(refusedHere)) {
            judge.knownDead(held, askedAt, refusedAt);
        }
        if (held.until() <= agenda.now()) {
            // Stood still since: what was given is over.
            return;
        }
        judge.given(held);
        if (chance.happens(0.2)) {
            kept = held;
        }
        send(held, retry);
    }

    private Held held(Token token) {
        // Read before the answer, so that a machine that stands still in between is no excuse.
        long before = agenda.now();
        long left = tokens.lifeLeft(token).toNanos();
        boolean promised = token.isPromised(tokens.now());
        Issued issued = account.find(token.value().reveal());
        return new Held(
                plan.number(),
                machine.number(),
                token.value().reveal(),
                issued == null ? 0 : issued.number(),
                before,
                before + left,
                promised);
    }

    private void refused(Throwable failure, boolean picky, long wait) {
        trace.note(plan.number(), machine.number(), Happening.REFUSED, 0, failure.getMessage());
        if (machine.isUp()) {
            judge.refused(plan.number(), machine.number(), picky, wait);
        }
    }

    /** A call that travels at most half the settle, or else longer than all of it. */
    private void send(Held held, int retry) {
        long sentAt = agenda.now();
        long travel =
                chance.happens(0.01)
                        ? chance.span(plan.settle() * 21 / 20, Span.MINUTE)
                        : chance.span(Span.MILLISECOND, plan.settle() / 2);
        agenda.after(travel, () -> arrive(held, sentAt, retry));
    }

    private void arrive(Held held, long sentAt, int retry) {
        Issued token = account.find(held.value());
        boolean live = token != null && token.isLive(agenda.now());
        boolean refused = !live || chance.happens(rates.falseRefusals());
        if (!refused && !account.isAway()) {
            trace.note(plan.number(), machine.number(), Happening.CALLED, held.number());
            judge.wentWell();
            return;
        }
        Cause cause = judge.failed(held, sentAt);
        if (cause != Cause.PROVIDER_AWAY) {
            machine.later(chance.span(Span.MILLISECOND, Span.SECOND), () -> hear(held, retry));
        }
    }

    /** The 401 is back: most report it at once, some late, some never. */
    private void hear(Held held, int retry) {
        if (held.equals(kept)) {
            kept = null;
        }
        double kind = chance.share();
        if (kind < 0.7) {
            report(held, retry);
        } else if (kind < 0.97) {
            machine.later(chance.span(Span.SECOND, 10 * Span.MINUTE), () -> report(held, retry));
        }
    }

    private void report(Held held, int retry) {
        trace.note(plan.number(), machine.number(), Happening.REPORTED, held.number());
        judge.reported(plan.number(), held.value());
        CompletableFuture<?> _ =
                tokens.rejectAsync(held.value())
                        .whenComplete((newest, failure) -> {
                            if (newest != null && newest) {
                                refusedHere = held.value();
                                refusedAt = agenda.now();
                            }
                            if (retry < MOST_RETRIES) {
                                machine.later(
                                        chance.span(Span.MILLISECOND, Span.SECOND),
                                        () -> ask(USUAL_WAIT, retry + 1));
                            }
                        });
    }
}
