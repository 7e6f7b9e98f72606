package org.evergrant.simulation.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.evergrant.MintBudget;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.jspecify.annotations.Nullable;

/** What a judge knows of one app: its promises, its claims and its mints. */
final class Ledger {
    /** So many tokens back nobody holds one any more. */
    private static final int MOST_PROMISES = 64;

    /** So long after its claim a mint may be sent. */
    static final long SENT_WITHIN = 2 * Span.SECOND;

    /** A node's clock is so much off the store's at most, for all but those that cheat. */
    private static final long CLOCK_ERROR = Span.SECOND / 4;

    /**
     * What the nodes promised of a token.
     *
     * @param until when the promise ends, as far as any record ever went
     * @param settle for how long after that calls may still be on their way
     * @param isRejected whether a record ever said that the API refused it
     */
    record Promise(long until, long settle, boolean isRejected) {
        private Promise rejected() {
            return isRejected ? this : new Promise(until, settle, true);
        }
    }

    private final AppPlan plan;
    private final SharedStore store;
    private final Agenda agenda;
    private final Map<String, Promise> promises = new LinkedHashMap<>();
    private final List<MintRequest> inFlight = new ArrayList<>();
    private final Deque<Long> arrivals = new ArrayDeque<>();
    private final Map<Integer, Long> pickyUntil = new HashMap<>();
    private final Map<Integer, Claim> unsent = new HashMap<>();
    private @Nullable Claim claim;
    private int claimer = Trace.NONE;
    private long disturbedUntil;
    private long stalledAt = Long.MIN_VALUE / 2;
    private long aloneAt = Long.MIN_VALUE / 2;
    private long forgotAt = Long.MIN_VALUE / 2;

    Ledger(AppPlan plan, SharedStore store, Agenda agenda) {
        this.plan = plan;
        this.store = store;
        this.agenda = agenda;
    }

    AppPlan plan() {
        return plan;
    }

    @Nullable Promise promise(String value) {
        return promises.get(value);
    }

    /** Notes what was written; returns the claim, if it is a new one. */
    @Nullable Claim written(int machine, AppRecord before, AppRecord after) {
        for (Token token : after.tokens()) {
            if (token.standing() == Token.Standing.GOOD) {
                promise(token);
            } else if (token.standing() == Token.Standing.REJECTED) {
                promises.computeIfPresent(
                        token.value().reveal(), (value, known) -> known.rejected());
            }
        }
        if (before.learned() != null && after.learned() == null) {
            forgotAt = agenda.now();
        }
        Claim now = after.claim();
        boolean isNew = now != null && (before.claim() == null || !before.claim().isSame(now));
        Claim old = before.claim();
        if (old != null && machine == claimer && (now == null || !now.isSame(old))) {
            unsent.remove(machine);
        }
        if (now == null) {
            claim = null;
            claimer = Trace.NONE;
        } else if (isNew) {
            claim = now;
            claimer = machine;
            unsent.put(machine, now);
        }
        return isNew ? now : null;
    }

    private void promise(Token token) {
        long until = store.at(token.promisedUntil());
        Promise known = promises.get(token.value().reveal());
        if (known != null && until <= known.until) {
            return;
        }
        Duration margin = Duration.between(token.promisedUntil(), token.expiresAt());
        long settle = Math.min(plan.settle(), margin.toNanos() / 2);
        promises.put(
                token.value().reveal(),
                new Promise(until, settle, known != null && known.isRejected));
        if (promises.size() > MOST_PROMISES) {
            Iterator<String> oldest = promises.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Returns the machine whose claim stands in the record; {@link Trace#NONE} for none. */
    int claimer() {
        return claimer;
    }

    /** Returns when the claim in the record runs out. */
    long claimedUntil() {
        return claim == null ? Long.MIN_VALUE : store.at(claim.until());
    }

    /** Notes a mint that is sent now, for the last claim of its machine for which none was. */
    MintRequest sent(int machine, int index, long arrivesAt) {
        Claim own = unsent.remove(machine);
        long now = agenda.now();
        long until = own == null ? Long.MAX_VALUE : store.at(own.until());
        boolean late = own != null && now > store.at(own.at()) + SENT_WITHIN;
        MintRequest request =
                new MintRequest(
                        plan.number(), machine, index, rule(own), own, until, now, late, arrivesAt);
        inFlight.removeIf(other -> other.arrivesAt() < now || other.arrivesAt() == Long.MAX_VALUE);
        inFlight.add(request);
        return request;
    }

    private Rule rule(@Nullable Claim claim) {
        AppRecord.Learned learned = store.record(plan.number()).learned();
        return learned == null || claim == null
                ? plan.configured()
                : Rule.parse(learned.seen().toString());
    }

    /** Returns whether another mint than {@code sent} is on its way under a claim that holds. */
    boolean hasAnother(MintRequest sent) {
        return inFlight.stream()
                .filter(other -> !other.equals(sent) && other.claim() != null && !other.isLate())
                .anyMatch(other -> other.claimedUntil() > agenda.now() + CLOCK_ERROR);
    }

    /** Counts a mint that the provider counts; returns how many there are in the window. */
    int counted(MintBudget budget) {
        long now = agenda.now();
        arrivals.addLast(now);
        while (arrivals.getFirst() <= now - budget.window().toNanos()) {
            arrivals.removeFirst();
        }
        return arrivals.size();
    }

    /** Notes that a caller asks this machine for another token than there is. */
    void picky(int machine, long wait) {
        pickyUntil.merge(machine, agenda.now() + wait, Math::max);
    }

    /**
     * Returns whether one asks still, or asked until just now: its claim may be on its way. Where
     * the store is slow, the clock may have been read three times before.
     */
    boolean isPicky(int machine, long storeSlowUntil) {
        long until = pickyUntil.getOrDefault(machine, Long.MIN_VALUE / 2);
        int calls = storeSlowUntil >= until ? 4 : 1;
        return until + calls * StoreDoor.TIMEOUT >= agenda.now();
    }

    void disturbed(long until) {
        disturbedUntil = Math.max(disturbedUntil, until);
    }

    long disturbedUntil() {
        return disturbedUntil;
    }

    void stalled(long at) {
        stalledAt = Math.max(stalledAt, at);
    }

    void mintedAlone() {
        aloneAt = agenda.now();
    }

    /** Returns when a node last minted alone. */
    long aloneAt() {
        return aloneAt;
    }

    /**
     * Returns when a caller who asked for a renewal last had the configured retention hold again.
     */
    long forgotAt() {
        return forgotAt;
    }

    long stalledAt() {
        return stalledAt;
    }
}
