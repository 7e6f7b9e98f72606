package org.evergrant.spi;

import static org.evergrant.Token.Standing.GOOD;
import static org.evergrant.Token.Standing.REJECTED;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.jspecify.annotations.Nullable;

/**
 * The protocol: what to do next about one app, and how its record changes. Pure functions; threads,
 * HTTP, stores and clocks live around them.
 *
 * <ol>
 *   <li>{@link #next} looks at a record and says which {@link Step} is due.
 *   <li>A node that is to mint writes {@link #claimed} by compare-and-set before it sends the mint.
 *   <li>The answer becomes {@link #published}, {@link #failed} or {@link #doubted}, again by
 *       compare-and-set; a claim that ran out counts as a doubt, whoever looks first.
 *   <li>A node whose claim was taken over meanwhile writes {@link #late} instead.
 *   <li>A caller's 401 becomes {@link #rejected}.
 * </ol>
 */
public final class Rotation {
    private static final int RIVAL_NOTICED = 2;

    private Rotation() {}

    /** Returns the step that is due for a caller who takes any live token. */
    public static Step next(AppRecord record, Policy policy, Instant now) {
        return next(record, policy, now, Ask.ANY);
    }

    /**
     * Returns the step that is due for {@code ask} at {@code now}, an instant on the store's clock.
     */
    public static Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
        AppRecord settled = settled(record, policy, now);
        Token current = promised(settled, now);
        return current == null
                ? withoutPromise(settled, policy, now)
                : withPromise(settled, policy, now, ask, current);
    }

    private static Step withPromise(
            AppRecord record, Policy policy, Instant now, Ask ask, Token current) {
        boolean lacking = !satisfies(current, ask, now);
        Claim claim = record.claim();
        if (claim != null) {
            return lacking
                    ? new Step.Await(claim.until(), fallback(current, ask))
                    : new Step.Serve(current, current.promisedUntil());
        }
        MintPlan plan = MintPlan.of(record, policy, now);
        Instant paced = Pacing.earliest(record, policy, now);
        Instant at = later(plan.safeAt(), paced);
        if (lacking) {
            at = later(at, stickyUntil(record, policy, current));
            if (!at.isAfter(now)) {
                return new Step.Renew(plan.index());
            }
            if (!paced.isAfter(now)) {
                return new Step.Await(at, fallback(current, ask));
            }
            return ask.newerThan() >= current.generation()
                    ? new Step.Fail(pacedBy(record, now), at)
                    : new Step.Serve(current, earlier(at, current.promisedUntil()));
        }
        Instant due = later(at, renewalStart(record, policy, current, now));
        return due.isAfter(now)
                ? new Step.Serve(current, earlier(due, current.promisedUntil()))
                : new Step.ServeAndRenew(current, plan.index(), current.promisedUntil());
    }

    private static Step withoutPromise(AppRecord record, Policy policy, Instant now) {
        Token spare = record.usable(now).orElse(null);
        Claim claim = record.claim();
        if (claim != null) {
            Instant end = spare == null ? now : outlives(spare, record, policy, claim, now);
            return spare == null || !end.isAfter(now)
                    ? new Step.Await(claim.until(), null)
                    : new Step.Serve(spare, end);
        }
        MintPlan plan = MintPlan.of(record, policy, now);
        Instant paced = Pacing.earliest(record, policy, now);
        Instant at = later(plan.safeAt(), paced);
        if (!at.isAfter(now)) {
            return new Step.Renew(plan.index());
        }
        if (!paced.isAfter(now)) {
            return new Step.Await(at, null);
        }
        return spare != null
                ? new Step.Serve(spare, earlier(paced, spare.expiresAt()))
                : new Step.Fail(pacedBy(record, now), at);
    }

    /**
     * Returns until when no mint of ours kills a token without a promise: not the one under way,
     * nor the next one should this one end in doubt at once, of which a node need not have heard.
     */
    private static Instant outlives(
            Token spare, AppRecord record, Policy policy, Claim claim, Instant now) {
        Instant end = earlier(spare.expiresAt(), claim.until());
        if (policy.rules(record).killsNothing()) {
            return end;
        }
        return displacedBy(record, policy, claim.index(), now).contains(spare)
                ? now
                : earlier(end, claim.at().plus(policy.settle()));
    }

    /** Returns from when on a mint breaks no promise and nothing paces it: {@code now} or later. */
    public static Instant mintFrom(AppRecord record, Policy policy, Instant now) {
        AppRecord settled = settled(record, policy, now);
        Claim claim = settled.claim();
        return claim != null
                ? claim.until()
                : later(
                        MintPlan.of(settled, policy, now).safeAt(),
                        Pacing.earliest(settled, policy, now));
    }

    /** Returns the record with {@code claim} in it, ready to be written before the mint is sent. */
    public static AppRecord claimed(AppRecord record, Policy policy, Claim claim) {
        AppRecord settled = settled(record, policy, claim.at());
        List<Instant> spent = new ArrayList<>(Pacing.inWindow(settled, policy, claim.at()));
        if (policy.budget().isPresent()) {
            spent.add(claim.until());
        }
        return settled.withClaim(claim).withSpent(spent);
    }

    /** Returns a claim for a mint at {@code index}, forced when it answers a rejection. */
    public static Claim claim(
            AppRecord record, Policy policy, String node, int index, Instant now) {
        return new Claim(
                node, index, now, now.plus(policy.claimLife()), isForced(record, now), false);
    }

    /** Returns the record after the claim was given back before its mint was sent. */
    public static AppRecord released(AppRecord record, Claim claim) {
        return owns(record, claim)
                ? record.withClaim(null).withSpent(without(record.spent(), claim.until()))
                : record;
    }

    /**
     * Returns the record after the provider answered {@code claim}'s mint with a token.
     *
     * @param now the latest instant at which the answer can have come, however much later it is
     *     written
     */
    public static AppRecord published(
            AppRecord record, Policy policy, Claim claim, Minter.Minted minted, Instant now) {
        Token known = known(record, minted.value());
        Duration life = minted.expiresIn().orElseGet(() -> policy.lastLife(record));
        Claim holder = record.claim();
        if (holder == null || !holder.isSame(claim)) {
            // Written before, by a compare-and-set whose answer was lost; or too late.
            if (known != null) {
                return record;
            }
            if (!policy.rules(record).killsNothing()) {
                return late(record, policy, claim, now.plus(policy.settle()));
            }
            return isOutrun(record, claim.at())
                    ? record
                    : minted(record, policy, claim, minted, life, now);
        }
        AppRecord open =
                record.withClaim(null).withSpent(moved(record.spent(), claim.until(), now));
        if (known != null) {
            return returned(open, policy, claim, known, life, now);
        }
        AppRecord next = minted(open, policy, claim, minted, life, now);
        next =
                next.withTrouble(outlasting(record, claim, now))
                        .withStreak(claim.forced() ? record.streak() : 0);
        return holder.contested() ? Displacement.doubt(next, policy, claim, now) : next;
    }

    /**
     * Returns the record after a mint that surely minted nothing.
     *
     * @param now when the answer came
     */
    public static AppRecord failed(
            AppRecord record, Policy policy, Claim claim, Minter.NotMinted answer, Instant now) {
        if (!owns(record, claim)) {
            return record;
        }
        AppRecord open = released(record, claim);
        boolean index = answer.kind() == Trouble.Kind.INDEX && claim.index() > 0;
        if (index) {
            Retention seen = Retention.indexed(claim.index());
            open = open.withLearned(new AppRecord.Learned(policy.retention(), seen));
        }
        Trouble.Kind kind =
                answer.kind() == Trouble.Kind.INDEX && !index
                        ? Trouble.Kind.MISCONFIGURED
                        : answer.kind();
        return open.withTrouble(
                Pacing.after(record, policy, kind, answer.detail(), answer.retryAfter(), now));
    }

    /**
     * Returns the record after a mint of which nobody can tell whether it minted. It may still be
     * on its way, and kill the token of the next one, so that one waits for the settle.
     */
    public static AppRecord doubted(
            AppRecord record, Policy policy, Claim claim, Minter.Doubtful answer, Instant now) {
        Instant arrived = now.plus(policy.settle());
        if (!owns(record, claim)) {
            AppRecord doubted = late(record, policy, claim, arrived);
            return policy.rules(record).killsNothing() || isOutrun(record, arrived)
                    ? doubted
                    : doubted.withTrouble(Pacing.doubt(record, answer.detail(), now, arrived));
        }
        AppRecord open =
                record.withClaim(null).withSpent(moved(record.spent(), claim.until(), arrived));
        Trouble trouble =
                Pacing.after(
                        record,
                        policy,
                        Trouble.Kind.DOUBT,
                        answer.detail(),
                        answer.retryAfter(),
                        now);
        return Displacement.doubt(open, policy, claim, now)
                .withTrouble(Pacing.notBefore(arrived, trouble));
    }

    /**
     * Returns the record after an answer to a mint whose claim ran out and was taken over. The
     * order in which the provider saw that mint and those claimed before {@code arrived}, the
     * latest instant at which it can have been there, is unknown.
     */
    private static AppRecord late(AppRecord record, Policy policy, Claim claim, Instant arrived) {
        AppRecord doubted = Displacement.doubt(record, policy, claim, arrived);
        Claim holder = record.claim();
        return holder == null || !holder.at().isBefore(arrived)
                ? doubted
                : doubted.withClaim(holder.contest());
    }

    /**
     * Returns the record after the API refused the token of this generation. A token that is not
     * the newest good one changes nothing, but for one case: an older token that the retention says
     * must have outlived our own planned mint shows that the retention is another one.
     */
    public static AppRecord rejected(
            AppRecord record, Policy policy, long generation, Instant now) {
        Token token =
                record.tokens().stream()
                        .filter(known -> known.generation() == generation)
                        .filter(known -> known.isUsable(now))
                        .findFirst()
                        .orElse(null);
        if (token == null) {
            return record;
        }
        AppRecord marked = record.withTokens(replaced(record.tokens(), token, token.as(REJECTED)));
        Token newest = record.usable(now).orElse(token);
        if (diedOfOurMint(record, policy, token, newest, now)) {
            String detail =
                    "a token that "
                            + policy.retention()
                            + " keeps alive was rejected after our own mint; acting as newest-only";
            return marked.withLearned(
                            new AppRecord.Learned(policy.retention(), Retention.NEWEST_ONLY))
                    .withTrouble(new Trouble(Trouble.Kind.RETENTION, now, now, 1, detail));
        }
        return newest.generation() == generation
                ? Pacing.afterRejection(marked, token, now)
                : record;
    }

    /**
     * Returns whether a promised token, rejected now, must have outlived a planned mint of ours:
     * the one that is under way, or the one that brought the newest token.
     */
    private static boolean diedOfOurMint(
            AppRecord record, Policy policy, Token token, Token newest, Instant now) {
        if (!token.isPromised(now) || policy.rules(record).equals(Retention.NEWEST_ONLY)) {
            return false;
        }
        Claim claim = record.claim();
        if (claim != null) {
            return !claim.forced()
                    && !displacedBy(record, policy, claim.index(), now).contains(token);
        }
        return newest.generation() != token.generation() && !newest.forced();
    }

    /**
     * Returns the record with nothing learned about the provider: the configuration holds again.
     */
    public static AppRecord trusted(AppRecord record) {
        AppRecord believing = isAboutRetention(record) ? record.withTrouble(null) : record;
        return believing.withLearned(null);
    }

    /**
     * Returns the record with a token that a node minted while the store was away, or could not
     * publish; without it where there is a newer one, which is handed out anyway, and may have
     * killed it. A claim that brought it is over.
     */
    public static AppRecord adopted(AppRecord record, Token token, Instant now) {
        boolean known = record.tokens().stream().anyMatch(one -> one.value().equals(token.value()));
        if (known || isOutrun(record, token.mintedAt()) || !token.isUsable(now)) {
            return record;
        }
        Token numbered =
                new Token(
                        record.generation() + 1,
                        token.index(),
                        token.value(),
                        token.type(),
                        token.scope(),
                        token.apiUrl(),
                        token.mintedAt(),
                        token.expiresAt(),
                        token.promisedUntil(),
                        token.standing(),
                        token.forced());
        return fulfilled(record, token).withNewest(numbered);
    }

    /** Returns the record without its claim, if that is the one that brought the token. */
    private static AppRecord fulfilled(AppRecord record, Token token) {
        Claim claim = record.claim();
        return claim != null
                        && claim.at().equals(token.mintedAt())
                        && claim.index() == token.index()
                        && !claim.contested()
                ? record.withClaim(null)
                : record;
    }

    /**
     * Returns the record after the store lost writes that it had acknowledged, as a failover may:
     * {@code record} as it is there now, with what {@code before}, as a node saw it, knows better.
     */
    public static AppRecord recalled(AppRecord record, AppRecord before) {
        return Recall.of(record, before);
    }

    /** Returns whether a mint at {@code now} would answer a rejection and not a plan. */
    public static boolean isForced(AppRecord record, Instant now) {
        return record.newest()
                .filter(token -> token.standing() == REJECTED && now.isBefore(token.expiresAt()))
                .isPresent();
    }

    /** Returns the tokens that a mint at {@code index} would kill, now or after the grace. */
    public static List<Token> displacedBy(AppRecord record, Policy policy, int index, Instant now) {
        return Displacement.of(record, policy.rules(record), index, now);
    }

    /** Turns a claim that ran out into a doubt, so that every other function sees none. */
    static AppRecord settled(AppRecord record, Policy policy, Instant now) {
        Claim claim = record.claim();
        if (claim == null || now.isBefore(claim.until())) {
            return record;
        }
        String detail = "the node that was minting did not come back";
        Trouble trouble =
                new Trouble(
                        Trouble.Kind.DOUBT,
                        claim.until(),
                        claim.until(),
                        Pacing.attempts(record),
                        detail);
        return Displacement.doubt(record.withClaim(null), policy, claim, claim.until())
                .withTrouble(Pacing.notBefore(Pacing.doubtUntil(record), trouble));
    }

    private static @Nullable Token promised(AppRecord record, Instant now) {
        for (Token token : record.tokens()) {
            if (token.standing() == GOOD && token.isPromised(now)) {
                return token;
            }
        }
        return null;
    }

    private static boolean satisfies(Token token, Ask ask, Instant now) {
        Duration most = Duration.between(token.mintedAt(), token.promisedUntil());
        Duration cap = most.multipliedBy(4).dividedBy(5);
        Duration wanted = ask.minLife().compareTo(cap) < 0 ? ask.minLife() : cap;
        return token.generation() > ask.newerThan() && token.lifeLeft(now).compareTo(wanted) >= 0;
    }

    private static @Nullable Token fallback(Token current, Ask ask) {
        return current.generation() > ask.newerThan() ? current : null;
    }

    /** Returns from when on the next token is wanted: at once when the newest one is not good. */
    private static Instant renewalStart(
            AppRecord record, Policy policy, Token current, Instant now) {
        boolean newest = record.newest().filter(current::equals).isPresent();
        if (!newest) {
            return now;
        }
        double share = 0.80 + 0.05 * policy.spread(0);
        Instant start =
                current.mintedAt()
                        .plus(Duration.ofNanos((long) (current.life().toNanos() * share)));
        return later(start, stickyUntil(record, policy, current));
    }

    /** Returns until when the provider answers a mint with this token instead of another one. */
    private static Instant stickyUntil(AppRecord record, Policy policy, Token token) {
        Duration stickiness = policy.rules(record).stickiness();
        if (stickiness.isZero()) {
            return token.mintedAt();
        }
        Duration margin = Duration.between(token.promisedUntil(), token.expiresAt());
        return token.expiresAt().minus(stickiness).plus(policy.settleFor(margin));
    }

    /**
     * Trouble that a token does not end: somebody else mints, the retention is another one, or a
     * mint that was sent beyond its claim is still on its way.
     */
    private static @Nullable Trouble outlasting(AppRecord record, Claim claim, Instant now) {
        Trouble trouble = record.trouble();
        boolean rival = claim.forced() && record.streak() >= RIVAL_NOTICED;
        boolean underWay = Pacing.doubtUntil(record).isAfter(now);
        return rival || underWay || isAboutRetention(record) ? trouble : null;
    }

    private static boolean isAboutRetention(AppRecord record) {
        Trouble trouble = record.trouble();
        return record.learned() != null
                && trouble != null
                && trouble.kind() == Trouble.Kind.RETENTION;
    }

    /** Returns whether the last mint brought the token there was. */
    static boolean isReturned(AppRecord record) {
        Trouble trouble = record.trouble();
        return record.learned() == null
                && trouble != null
                && trouble.kind() == Trouble.Kind.RETENTION;
    }

    private static AppRecord minted(
            AppRecord record,
            Policy policy,
            Claim claim,
            Minter.Minted minted,
            Duration life,
            Instant now) {
        Instant expiry = claim.at().plus(life);
        Token token =
                new Token(
                        record.generation() + 1,
                        claim.index(),
                        minted.value(),
                        minted.type(),
                        minted.scope(),
                        minted.apiUrl(),
                        claim.at(),
                        expiry,
                        expiry.minus(policy.marginFor(life)),
                        GOOD,
                        claim.forced());
        return Displacement.displace(record, policy.rules(record), claim, now).withNewest(token);
    }

    private static @Nullable Token known(AppRecord record, Secret value) {
        for (Token token : record.tokens()) {
            if (token.value().equals(value)) {
                return token;
            }
        }
        return null;
    }

    /**
     * The provider returned a token we have: no new generation, and what it now says of its life.
     */
    private static AppRecord returned(
            AppRecord record, Policy policy, Claim claim, Token known, Duration life, Instant now) {
        Instant expiry = claim.at().plus(life);
        Instant promise = expiry.minus(policy.marginFor(known.life()));
        if (known.standing() == REJECTED) {
            String detail = "the provider returns the token that its API refused";
            int streak = record.streak() + 1;
            Instant retryAt = now.plus(Pacing.spacing(Math.max(1, streak - 1)));
            return record.withStreak(streak)
                    .withTrouble(new Trouble(Trouble.Kind.RIVAL, now, retryAt, streak, detail));
        }
        Token again = known.as(GOOD).until(expiry, promise);
        AppRecord next =
                record.withTokens(replaced(record.tokens(), known, again)).withTrouble(null);
        boolean isLonger = expiry.isAfter(known.expiresAt().plus(policy.marginFor(known.life())));
        if (isLonger && renewalStart(next, policy, again, now).isAfter(now)) {
            return next;
        }
        // Else whoever asks for a newer token would have this one minted again and again.
        Duration rest = again.lifeLeft(now).dividedBy(4);
        String detail = "the provider still returns the same token, " + policy.retention();
        return next.withTrouble(
                new Trouble(Trouble.Kind.RETENTION, now, now.plus(rest), 1, detail));
    }

    /** Returns whether there is a newer token than one minted then, which is handed out anyway. */
    private static boolean isOutrun(AppRecord record, Instant mintedAt) {
        return record.newest().filter(newest -> newest.mintedAt().isAfter(mintedAt)).isPresent();
    }

    private static boolean owns(AppRecord record, Claim claim) {
        return record.claim() != null && record.claim().isSame(claim);
    }

    private static @Nullable Trouble pacedBy(AppRecord record, Instant now) {
        return Optional.ofNullable(record.trouble())
                .filter(trouble -> trouble.retryAt().isAfter(now))
                .orElse(null);
    }

    static List<Token> replaced(List<Token> tokens, Token old, Token changed) {
        List<Token> all = new ArrayList<>(tokens);
        all.set(all.indexOf(old), changed);
        return all;
    }

    private static List<Instant> without(List<Instant> instants, Instant one) {
        List<Instant> rest = new ArrayList<>(instants);
        rest.remove(one);
        return rest;
    }

    private static List<Instant> moved(List<Instant> instants, Instant from, Instant to) {
        List<Instant> all = new ArrayList<>(instants);
        if (all.remove(from)) {
            all.add(to);
        }
        return all;
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
