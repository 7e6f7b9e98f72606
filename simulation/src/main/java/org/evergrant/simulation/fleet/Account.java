package org.evergrant.simulation.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.evergrant.simulation.fleet.Issued.Fate;
import org.jspecify.annotations.Nullable;

/**
 * One app as its provider knows it: its tokens, newest first, what a mint does to them, and what is
 * wrong at the moment.
 */
final class Account {
    /** So many lives after its end nobody can send a token any more. */
    private static final int REMEMBERED_LIVES = 3;

    private final int app;
    private final long life;
    private final Agenda agenda;
    private final Trace trace;
    private final List<Issued> tokens = new ArrayList<>();
    private final Map<String, Issued> byValue = new HashMap<>();
    private Rule rule;
    private long made;
    private long awayUntil;
    private long failingUntil;
    private long limitedUntil;
    private long deactivatedUntil;

    Account(int app, Rule rule, long life, Agenda agenda, Trace trace) {
        this.app = app;
        this.rule = rule;
        this.life = life;
        this.agenda = agenda;
        this.trace = trace;
    }

    /**
     * What a mint came to.
     *
     * @param token what it brought; {@code null} when the index was refused
     * @param expiresIn what is left of its life
     */
    record Minted(@Nullable Issued token, long expiresIn) {}

    /** Says what a token that dies of a mint dies of. */
    interface Coroner {
        Fate fateOf(Issued token, long at);
    }

    Rule rule() {
        return rule;
    }

    @Nullable Issued find(String value) {
        return byValue.get(value);
    }

    /** Returns the tokens minted after this one, the newest first. */
    List<Issued> after(Issued token) {
        int place = tokens.indexOf(token);
        return tokens.subList(0, Math.max(0, place));
    }

    /** Mints for us, or for a rival when {@code request} is {@code null}. */
    Minted mint(int index, @Nullable MintRequest request, Coroner coroner) {
        long now = agenda.now();
        if (rule.kind() == Rule.Kind.INDEXED && index >= rule.count()) {
            return new Minted(null, 0);
        }
        if (rule.kind() == Rule.Kind.STICKY && !tokens.isEmpty()) {
            Issued newest = tokens.getFirst();
            if (newest.isLive(now) && newest.diesAt() - now > rule.span()) {
                newest.cameWith(request);
                return new Minted(newest, newest.diesAt() - now);
            }
        }
        int after = 1;
        for (Issued token : tokens) {
            if (token.isLive(now)) {
                long death = rule.deathOf(token.index() == index, after, now);
                if (death < token.diesAt()) {
                    end(token, death, coroner.fateOf(token, death));
                }
                after++;
            }
        }
        forget(now);
        Issued fresh = new Issued(++made, "t" + app + "." + made, index, now, now + life, request);
        tokens.addFirst(fresh);
        byValue.put(fresh.value(), fresh);
        return new Minted(fresh, life);
    }

    /**
     * Changes the rule; what it allows no more dies at once or of the next mint.
     *
     * @param atOnce which of the two
     */
    void change(Rule changed, boolean atOnce) {
        rule = changed;
        long now = agenda.now();
        if (!atOnce) {
            return;
        }
        List<Issued> newer = new ArrayList<>();
        for (Issued token : tokens) {
            if (token.isLive(now)) {
                boolean same = newer.stream().anyMatch(other -> other.index() == token.index());
                boolean many = rule.kind() == Rule.Kind.INDEXED && token.index() >= rule.count();
                boolean dies = !newer.isEmpty() && rule.deathOf(same, newer.size(), now) <= now;
                if (many || dies) {
                    end(token, now, Fate.RULE_CHANGED);
                }
                newer.add(token);
            }
        }
    }

    void deactivate(long nanos) {
        long now = agenda.now();
        deactivatedUntil = now + nanos;
        tokens.stream()
                .filter(token -> token.isLive(now))
                .forEach(token -> end(token, now, Fate.DEACTIVATED));
    }

    private void end(Issued token, long at, Fate fate) {
        token.dieAt(at, fate);
        trace.note(app, Trace.NONE, Happening.DIED, token.number(), fate);
    }

    private void forget(long now) {
        while (!tokens.isEmpty() && now - tokens.getLast().expiresAt() > REMEMBERED_LIVES * life) {
            byValue.remove(tokens.removeLast().value());
        }
    }

    void goAway(long nanos) {
        awayUntil = agenda.now() + nanos;
    }

    void failFor(long nanos) {
        failingUntil = agenda.now() + nanos;
    }

    void limitFor(long nanos) {
        limitedUntil = agenda.now() + nanos;
    }

    boolean isAway() {
        return agenda.now() < awayUntil;
    }

    boolean isFailing() {
        return agenda.now() < failingUntil;
    }

    /** Returns for how long it still answers 429; nothing or less when it does not. */
    long limitedFor() {
        return limitedUntil - agenda.now();
    }

    boolean isDeactivated() {
        return agenda.now() < deactivatedUntil;
    }

    /** Returns from when on the provider does what it should, as far as it is known now. */
    long wellFrom() {
        return Math.max(
                Math.max(awayUntil, failingUntil), Math.max(limitedUntil, deactivatedUntil));
    }
}
