package org.evergrant.simulation.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.MintBudget;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.jspecify.annotations.Nullable;

/**
 * Sees what the store, the provider and the callers see, and nothing of what nodes think. Says of
 * every token that dies and every call that fails whose fault it was, and which rules are broken.
 */
final class Judge {
    /**
     * The longest that a node may need to find back once all is well: a refused configuration is
     * tried again after 60 s and forced mints are 60 s apart at most, and a dead node's claim runs
     * out after 13 s.
     */
    private static final long FINDING_BACK = 100 * Span.SECOND;

    /** A caller who waits less may be refused while the one pause of a lifetime lasts. */
    private static final long PATIENT = 5 * Span.SECOND;

    /** By so much the clocks of a node and of the store may differ. */
    private static final long CLOCK_ERROR = Span.SECOND / 4;

    /** A planned mint may come so much before four fifths of the life, in parts of the life. */
    private static final double PLANNED_FROM = 0.795;

    /** A token's life counts from its claim, which is so much earlier at most than its birth. */
    private static final long UNDER_WAY = 15 * Span.SECOND;

    /** A thread that has read the record answers so much later at most, if it does not stall. */
    private static final long ON_ITS_WAY = 50 * Span.MILLISECOND;

    private final Agenda agenda;
    private final SharedStore store;
    private final Trace trace;
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<Account> accounts;
    private final Tally tally;
    private final Disturbances disturbances;

    Judge(
            Plan plan,
            Agenda agenda,
            SharedStore store,
            List<Account> accounts,
            Trace trace,
            Tally tally) {
        this.agenda = agenda;
        this.store = store;
        this.trace = trace;
        this.accounts = accounts;
        this.tally = tally;
        this.disturbances = new Disturbances(agenda, plan.machines());
        plan.apps().forEach(app -> ledgers.add(new Ledger(app, store, agenda)));
    }

    long now() {
        return agenda.now();
    }

    // ---- what disturbs the peace

    /** Something was wrong with this app until so long from now. */
    void disturbed(int app, long nanos) {
        ledgers.get(app).disturbed(agenda.now() + nanos);
    }

    /** This machine stood still or was away until so long from now, and its claims with it. */
    void disturbedBy(int machine, long nanos) {
        long until = agenda.now() + nanos;
        disturbances.stalled(machine, nanos);
        for (Ledger ledger : ledgers) {
            if (ledger.plan().machines().contains(machine)) {
                ledger.disturbed(until);
                if (ledger.claimer() == machine && ledger.claimedUntil() < until) {
                    ledger.stalled(until);
                }
            }
        }
    }

    void suspended(int machine, long nanos) {
        disturbances.suspended(machine, nanos);
        disturbedBy(machine, nanos);
    }

    /** This machine does not reach the store, and knows so long from now. */
    void storeFailed(int machine, long nanos) {
        disturbances.cutOff(machine, nanos);
    }

    void storeDisturbed(long nanos) {
        disturbances.store(nanos);
    }

    void storeJumped() {
        disturbances.storeJumped();
    }

    // ---- the store's side

    /** A machine wrote a record. */
    void written(int app, int machine, AppRecord before, AppRecord after) {
        Ledger ledger = ledgers.get(app);
        Claim claim = ledger.written(machine, before, after);
        if (claim != null) {
            Reason reason = reason(ledger, machine, before);
            tally.claimed(reason);
            if (reason == Reason.WASTED) {
                broken(Broken.WASTED, app, ", by node " + machine);
            }
        }
    }

    private Reason reason(Ledger ledger, int machine, AppRecord before) {
        Token newest = before.newest().orElse(null);
        Claim old = before.claim();
        if (newest == null) {
            return Reason.COLD;
        }
        if (old != null) {
            return Reason.DOUBTED;
        }
        Instant now = store.now();
        if (!now.isBefore(newest.expiresAt())) {
            return Reason.COLD;
        }
        if (newest.standing() != Token.Standing.GOOD) {
            return newest.standing() == Token.Standing.REJECTED ? Reason.REJECTED : Reason.DOUBTED;
        }
        Issued issued = accounts.get(ledger.plan().number()).find(newest.value().reveal());
        if (issued == null
                || issued.isDatedBack()
                || agenda.now() + UNDER_WAY >= issued.bornAt() + issued.life() * PLANNED_FROM) {
            return Reason.PLANNED;
        }
        boolean asked =
                ledger.isPicky(machine, disturbances.cutOffUntil(machine))
                        || disturbances.wasStalled(machine, agenda.now() - Span.SECOND);
        return asked ? Reason.ASKED : Reason.WASTED;
    }

    // ---- the provider's side

    /** A machine sends a mint. */
    MintRequest sent(int app, int machine, int index, long arrivesAt) {
        Ledger ledger = ledgers.get(app);
        MintRequest request = ledger.sent(machine, index, arrivesAt);
        Claim claim = request.claim();
        boolean cutOff =
                ledger.plan().configured().isHarmless()
                        && disturbances.wasCutOff(machine, FINDING_BACK);
        if (claim == null || (request.isLate() && cutOff)) {
            // A claim that it never heard of having written counts for nothing.
            ledger.mintedAlone();
            tally.claimed(Reason.ALONE);
            if (!cutOff) {
                broken(Broken.UNCLAIMED, app, ", by node " + machine);
            }
        } else if (request.isLate()) {
            // Nobody can tell whether it arrives, so what is minted meanwhile is in doubt.
            ledger.stalled(agenda.now());
            long claimed = store.at(claim.at());
            if (!disturbances.wasStalled(machine, claimed)) {
                broken(Broken.UNCLAIMED, app, ", by node " + machine);
            }
        } else if (ledger.hasAnother(request)) {
            broken(Broken.TWO_IN_FLIGHT, app, ", by node " + machine);
        }
        return request;
    }

    /** A mint of ours reached the provider. */
    void arrived(MintRequest request) {
        Ledger ledger = ledgers.get(request.app());
        if (request.claim() == null) {
            ledger.mintedAlone();
        } else if (request.isStalled()) {
            ledger.stalled(agenda.now());
        }
    }

    /** Its node heard what became of a mint, or gave it up. */
    void heard(MintRequest request) {
        if (agenda.now() >= request.claimedUntil()) {
            // What was minted meanwhile may be older for all that it can tell, so it is in doubt.
            ledgers.get(request.app()).stalled(agenda.now());
        }
    }

    /** The provider minted for us. */
    void minted(MintRequest request) {
        tally.minted();
        Ledger ledger = ledgers.get(request.app());
        MintBudget budget = ledger.plan().budget();
        if (budget != null) {
            long since = agenda.now() - budget.window().toNanos();
            boolean excused =
                    Math.max(ledger.stalledAt(), ledger.aloneAt()) > since
                            || disturbances.hasStoreJumped(since);
            if (ledger.counted(budget) > budget.mints() && !excused) {
                broken(Broken.BUDGET, request.app());
            }
        }
    }

    /** Says what a token dies of that a mint of ours kills. */
    Issued.Fate fateOf(Account account, Issued token, MintRequest by, long at) {
        Ledger ledger = ledgers.get(by.app());
        Ledger.Promise promise = ledger.promise(token.value());
        MintRequest birth = token.request();
        boolean alone = birth != null && birth.claim() == null;
        // Whoever mints alone has not heard what the others have seen.
        Rule rule = alone ? ledger.plan().configured() : by.rule();
        int ours = 1 + (int) account.after(token).stream().filter(Issued::isOurs).count();
        boolean same = token.index() == by.index();
        if (rule.deathOf(same, ours, agenda.now()) > at) {
            disturbed(by.app(), 0);
            return account.rule().equals(rule) ? Issued.Fate.RIVAL : Issued.Fate.RULE_CHANGED;
        }
        if (promise == null) {
            // Its answer is on its way: it will be published, and is dead.
            return by.isStalled() ? Issued.Fate.STALLED : Issued.Fate.LAWFUL;
        }
        if (at >= promise.until() + promise.settle()) {
            return Issued.Fate.LAWFUL;
        }
        Token.Standing standing = standing(by.app(), token.value());
        boolean stalled = ledger.stalledAt() + UNDER_WAY >= token.bornAt();
        // It took a place in the window, and nobody knew in which order.
        boolean shifted =
                by.rule().kind() == Rule.Kind.NEWEST
                        && account.after(token).stream()
                                .map(Issued::request)
                                .anyMatch(other -> other != null && other.isStalled());
        if (by.isStalled() || shifted || (standing == Token.Standing.SUSPECT && stalled)) {
            return Issued.Fate.STALLED;
        }
        boolean besideAlone = ledger.aloneAt() + UNDER_WAY >= token.bornAt();
        boolean misled = besideAlone || !account.rule().equals(by.rule());
        if (standing == Token.Standing.SUSPECT
                && misled
                && !account.rule().equals(ledger.plan().configured())) {
            // Whoever minted alone had not heard that the provider keeps fewer; or the nodes, which
            // had, took it for even stricter than it is.
            return Issued.Fate.RULE_CHANGED;
        }
        if (promise.isRejected()) {
            return Issued.Fate.FALSELY_REJECTED;
        }
        if (at >= promise.until()) {
            // Calls on their way may be lost to this; they say so themselves.
            return Issued.Fate.LAWFUL;
        }
        boolean jumped = disturbances.hasStoreJumped(token.bornAt() - UNDER_WAY);
        if (jumped && promise.until() - at <= Disturbances.LONGEST_JUMP) {
            return Issued.Fate.CLOCK_JUMPED;
        }
        broken(Broken.PROMISE_BROKEN, by.app(), ", of #" + token.number());
        return Issued.Fate.OURS;
    }

    private Token.@Nullable Standing standing(int app, String value) {
        for (Token token : store.record(app).tokens()) {
            if (token.value().reveal().equals(value)) {
                return token.standing();
            }
        }
        return null;
    }

    // ---- the callers' side

    void asked(int app, int machine, boolean picky, long wait) {
        tally.asked();
        if (picky) {
            ledgers.get(app).picky(machine, wait);
        }
    }

    /** A caller was given a token. */
    void given(Held held) {
        Ledger ledger = ledgers.get(held.app());
        Ledger.Promise promise = ledger.promise(held.value());
        Issued issued = accounts.get(held.app()).find(held.value());
        if (!held.isPromised() || promise == null || issued == null || isClockOff(held, issued)) {
            return;
        }
        boolean alone =
                ledger.plan().configured().isHarmless()
                        && disturbances.wasCutOffSince(held.machine(), issued.bornAt());
        if (!alone && held.until() > promise.until() + CLOCK_ERROR) {
            broken(
                    Broken.BEYOND_PROMISE,
                    held.app(),
                    ", by " + Story.span(held.until() - promise.until()));
        }
        if (held.until() > issued.expiresAt()) {
            broken(
                    Broken.PROMISED_TOO_LONG,
                    held.app(),
                    ", by " + Story.span(held.until() - issued.expiresAt()));
        }
    }

    private boolean isClockOff(Held held, Issued issued) {
        long claimed = issued.bornAt() - UNDER_WAY;
        return disturbances.wasSuspended(held.machine(), claimed)
                || disturbances.hasStoreJumped(claimed);
    }

    /** A caller reports a 401. A provider that always returns the same token then has no other. */
    void reported(int app, String value) {
        disturbed(app, 0);
        Account account = accounts.get(app);
        Issued token = account.find(value);
        if (token != null && account.rule().kind() == Rule.Kind.STICKY) {
            ledgers.get(app).disturbed(token.diesAt());
        }
    }

    /** A machine hands out again, to an ask from then, what it was told that the API refuses. */
    void knownDead(Held held, long askedAt, long toldAt) {
        boolean earlier = askedAt < toldAt;
        boolean stood = disturbances.wasStalled(held.machine(), toldAt);
        if (earlier && (stood || agenda.now() <= toldAt + ON_ITS_WAY)) {
            // The answer was on its way to its caller when the report was taken.
            return;
        }
        Issued issued = accounts.get(held.app()).find(held.value());
        MintRequest latest = issued == null ? null : issued.latest();
        if (latest != null && latest.claim() == null) {
            // Alone, after it had forgotten an app that nobody asked for; and the provider insists.
            return;
        }
        broken(Broken.KNOWN_DEAD, held.app());
    }

    /** A caller was not answered by its deadline. */
    void late(int app) {
        broken(Broken.LATE, app);
    }

    /** A caller was given no token. */
    void refused(int app, int machine, boolean picky, long wait) {
        tally.refused();
        Ledger ledger = ledgers.get(app);
        long disturbed = Math.max(ledger.disturbedUntil(), disturbances.cutOffUntil(machine));
        disturbed = Math.max(disturbed, accounts.get(app).wellFrom());
        long well = agenda.now() - disturbed;
        MintBudget budget = ledger.plan().budget();
        long patience = FINDING_BACK + (budget == null ? 0 : budget.window().toNanos());
        if (budget != null && !accounts.get(app).rule().equals(ledger.plan().configured())) {
            // Mints that bring nothing new use it up.
            return;
        }
        if (!picky && wait >= PATIENT && well > patience) {
            broken(Broken.HELPLESS, app);
        }
    }

    void wentWell() {
        tally.called(null);
    }

    /** A call failed; returns why. */
    Cause failed(Held held, long sentAt) {
        Cause cause = causeOf(held, sentAt);
        tally.called(cause);
        trace.note(held.app(), held.machine(), Happening.FAILED, held.number(), cause.words());
        disturbed(held.app(), 0);
        if (cause == Cause.OURS) {
            broken(Broken.CALL_FAILED, held.app());
        }
        return cause;
    }

    private Cause causeOf(Held held, long sentAt) {
        Account account = accounts.get(held.app());
        if (account.isAway()) {
            return Cause.PROVIDER_AWAY;
        }
        if (account.isDeactivated()) {
            return Cause.DEACTIVATED;
        }
        Issued token = account.find(held.value());
        if (token == null) {
            // So long dead that the provider has forgotten it.
            return sentAt > held.until() ? Cause.CALLER_LATE : causeOfClock(held, 0);
        }
        if (token.isLive(agenda.now())) {
            return Cause.FALSE_401;
        }
        return switch (token.fate()) {
            case RIVAL -> Cause.RIVAL;
            case RULE_CHANGED -> Cause.RULE_CHANGED;
            case DEACTIVATED -> Cause.DEACTIVATED;
            case STALLED -> Cause.STALLED;
            case FALSELY_REJECTED -> Cause.FALSE_401;
            case CLOCK_JUMPED -> Cause.CLOCK_JUMPED;
            case EXPIRED, LAWFUL, OURS -> causeOfEnd(held, sentAt, token);
        };
    }

    private Cause causeOfEnd(Held held, long sentAt, Issued token) {
        if (sentAt > held.until()) {
            return Cause.CALLER_LATE;
        }
        if (agenda.now() - sentAt > ledgers.get(held.app()).plan().settle()) {
            return Cause.TRAVELLED;
        }
        if (!held.isPromised() && token.isLive(held.givenAt())) {
            return Cause.UNPROMISED;
        }
        Ledger ledger = ledgers.get(held.app());
        boolean loosely = !accounts.get(held.app()).rule().equals(ledger.plan().configured());
        if (loosely
                && ledger.forgotAt() >= token.bornAt() - UNDER_WAY
                && held.givenAt() >= ledger.forgotAt()) {
            // Handed out by the configuration, which a renewal had put in its right again.
            return Cause.RULE_CHANGED;
        }
        return causeOfClock(held, token.bornAt() - UNDER_WAY);
    }

    private Cause causeOfClock(Held held, long since) {
        if (disturbances.wasSuspended(held.machine(), since)) {
            return Cause.SUSPENDED;
        }
        return disturbances.hasStoreJumped(since) ? Cause.CLOCK_JUMPED : Cause.OURS;
    }

    private void broken(Broken rule, int app) {
        broken(rule, app, "");
    }

    private void broken(Broken rule, int app, String detail) {
        trace.note(app, Trace.NONE, Happening.BROKEN, 0, rule.words() + detail);
        tally.broken(
                rule, app, () -> Story.of(trace.last(app, ledgers.get(app).plan().machines())));
    }
}
