package org.evergrant.trials;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.evergrant.Token;
import org.evergrant.emulator.MintRecord;
import org.evergrant.emulator.Retention;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.trials.History.Claimed;
import org.evergrant.trials.History.End;
import org.jspecify.annotations.Nullable;

/**
 * What was minted for one app, and why; what its callers were promised, and what they got. Drawn up
 * from three sides that know nothing of each other: the provider's mints, every version that the
 * record had, and the callers' logs.
 *
 * <p>The equation: mints = generations published + mints whose claim nobody could close. Each mint
 * belongs to one claim, the last one written before it. A claim that was published has one mint;
 * one that ran out, or ended in doubt, has one or none; any other has none. A claim runs out only
 * where something was done to the process that wrote it, or to the store, before it did.
 *
 * <p>Two exceptions, as {@code docs/guarantees.md} has them: a node that is frozen between its last
 * look at the clock and the mint sends it when it is let go on; and a mint that was given up may
 * reach the provider after the settle. Such a mint belongs to an earlier claim, and may kill the
 * token of another one.
 */
final class Account {
    /** A provider that keeps a request for longer is not foreseen. */
    private static final Duration LATEST_ARRIVAL = Duration.ofSeconds(10);

    /** By as much a node may be wrong about the store's clock; the settle covers it. */
    private static final Duration READING = Duration.ofMillis(200);

    /** A process that is let go on has sent what it was about to send after this time at most. */
    private static final Duration THAWING = Duration.ofSeconds(1);

    private final String app;
    private final Retention retention;
    private final List<Claimed> claims;
    private final List<MintRecord> mints;
    private final List<Mishap> mishaps;
    private final List<@Nullable Claimed> claimOfMint = new ArrayList<>();
    private final Map<End, Integer> ends = new EnumMap<>(End.class);
    private final Map<String, Token> published = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private long lost;
    private long answered;
    private long unanswered;
    private final Map<Fate, Long> refused = new EnumMap<>(Fate.class);
    private final Map<Integer, Fate> lateMints = new HashMap<>();
    private final Map<Long, Broken> brokenPromises = new HashMap<>();

    /** The generations that a mint has ended within their promise. */
    private final Set<Long> endedWithin = new HashSet<>();

    /** That a late mint killed a promised token. */
    private record Broken(Instant at, Fate fate) {}

    /** Why a call was answered 401. */
    enum Fate {
        /** We are to blame. */
        OURS,
        /** A node that was frozen in the midst of its mint killed its token, or made it suspect. */
        FROZEN_MINT,
        /** A mint that was given up reached the provider after the settle and killed its token. */
        LATE_MINT,
        /** It was on its way for longer than the settle when the promise ended. */
        ON_ITS_WAY,
        /** Its token was handed out past its promise. */
        UNPROMISED,
        /** Its caller sent it when its token's time was over. */
        OVERSLEPT
    }

    /**
     * Draws up the account.
     *
     * @param versions every version of the record
     * @param mints the provider's, oldest first
     * @param mishaps all that was done to its nodes and its store
     */
    Account(
            String app,
            Retention retention,
            List<AppRecord> versions,
            List<MintRecord> mints,
            List<Mishap> mishaps) {
        this.app = app;
        this.retention = retention;
        this.claims = History.claims(versions);
        this.mints = List.copyOf(mints);
        this.mishaps = List.copyOf(mishaps);
        for (Claimed claimed : claims) {
            ends.merge(claimed.end(), 1, Integer::sum);
            Token token = claimed.token();
            if (token != null) {
                published.put(CallLog.fingerprint(token.value().reveal()), token);
            }
        }
        balance(versions.get(versions.size() - 1).generation());
        claims.forEach(this::checkDue);
        checkTakenOver();
        checkPromises();
        claims.stream().filter(claimed -> claimed.end() == End.RAN_OUT).forEach(this::checkRanOut);
    }

    /** Finds the claim of each mint, and what does not add up. */
    private void balance(long generation) {
        Map<Claimed, Integer> mintsOf = new HashMap<>();
        for (int i = 0; i < mints.size(); i++) {
            MintRecord mint = mints.get(i);
            Claimed owner = ownerOf(i, mintsOf);
            claimOfMint.add(owner);
            if (owner == null) {
                fault("a mint without a claim: " + mint);
            } else if (owner.claim().index() != mint.index()) {
                fault("a mint at another index than claimed: " + mint + ", " + owner.claim());
            } else {
                mintsOf.merge(owner, 1, Integer::sum);
                lost += owner.end() == End.PUBLISHED ? 0 : 1;
            }
        }
        for (Claimed claimed : claims) {
            int minted = mintsOf.getOrDefault(claimed, 0);
            boolean fits =
                    switch (claimed.end()) {
                        case PUBLISHED -> minted == 1;
                        case RAN_OUT, DOUBTED -> minted <= 1;
                        case FAILED, RELEASED -> minted == 0;
                    };
            if (!fits) {
                fault(minted + " mints for " + claimed.end() + " " + claimed.claim());
            }
        }
        if (generation != count(End.PUBLISHED)) {
            fault("generation " + generation + " after " + count(End.PUBLISHED) + " publications");
        }
        if (mints.size() != generation + lost) {
            fault(mints.size() + " mints for " + generation + " generations and " + lost + " lost");
        }
    }

    private @Nullable Claimed ownerOf(int mint, Map<Claimed, Integer> mintsOf) {
        Instant at = mints.get(mint).at();
        Claimed last = null;
        List<Claimed> earlier = new ArrayList<>();
        for (Claimed claimed : claims) {
            if (!claimed.claim().at().isAfter(at)) {
                last = claimed;
                earlier.add(0, claimed);
            }
        }
        boolean fits = last != null && at.isBefore(last.claim().until());
        if (fits && !mintsOf.containsKey(last)) {
            return last;
        }
        for (Claimed claimed : earlier) {
            Fate fate = mintsOf.containsKey(claimed) ? null : lateness(claimed, at);
            if (fate != null) {
                lateMints.put(mint, fate);
                return claimed;
            }
        }
        return fits ? last : null;
    }

    /** Returns why a mint of that claim can have come so late, null if it cannot. */
    private @Nullable Fate lateness(Claimed claimed, Instant at) {
        if (wasFrozen(claimed, at)) {
            return Fate.FROZEN_MINT;
        }
        boolean late =
                claimed.end() == End.DOUBTED
                        && at.isBefore(claimed.claim().until().plus(LATEST_ARRIVAL));
        return late ? Fate.LATE_MINT : null;
    }

    /** Returns whether the claim ran out because its node was frozen till shortly before. */
    private boolean wasFrozen(Claimed claimed, Instant at) {
        long pid = History.pid(claimed.claim());
        return claimed.end() == End.RAN_OUT
                && mishaps.stream()
                        .filter(mishap -> mishap.kind() == Mishap.Kind.FROZEN)
                        .filter(mishap -> mishap.concerns(pid))
                        .filter(mishap -> mishap.to().isAfter(claimed.claim().until()))
                        .filter(mishap -> mishap.to().isBefore(at.plus(THAWING)))
                        .filter(mishap -> mishap.to().plus(LATEST_ARRIVAL).isAfter(at))
                        .anyMatch(mishap -> mishap.touches(claimed.claim().at(), at));
    }

    /** A mint is wasted where a good token has more than a fifth of its life before it. */
    private void checkDue(Claimed claimed) {
        Instant at = claimed.claim().at();
        claimed.before()
                .newest()
                .filter(token -> token.isUsable(at))
                .filter(token -> {
                    Duration age = Duration.between(token.mintedAt(), at);
                    return age.compareTo(token.life().multipliedBy(4).dividedBy(5)) < 0;
                })
                .ifPresent(token -> fault("minted before it was due: " + claimed.claim()));
    }

    private void checkTakenOver() {
        for (int i = 1; i < claims.size(); i++) {
            Claim old = claims.get(i - 1).claim();
            Claim next = claims.get(i).claim();
            if (claims.get(i - 1).end() == End.RAN_OUT && next.at().isBefore(old.until())) {
                fault("taken over before it ran out: " + old + " by " + next);
            }
        }
    }

    /** No mint may end a token whose promise runs, as the provider saw the order of the mints. */
    private void checkPromises() {
        for (int later = 1; later < mints.size(); later++) {
            Instant end = mints.get(later).at().plus(grace());
            int kept = 1;
            for (int earlier = later - 1; earlier >= 0; earlier--) {
                Claimed owner = claimOfMint.get(earlier);
                Token token = owner == null ? null : owner.token();
                boolean ended = ends(mints.get(later), mints.get(earlier), kept++);
                if (ended
                        && token != null
                        && token.promisedUntil().isAfter(end)
                        && endedWithin.add(token.generation())) {
                    judgeEnd(token, later);
                }
            }
        }
    }

    /** Judges the first mint that ended a token within its promise. */
    private void judgeEnd(Token token, int mint) {
        Instant at = mints.get(mint).at();
        Claimed successor = claimOfMint.get(mint);
        Fate late = lateMints.get(mint);
        if (late == null && answeredLate(token, at, successor)) {
            late = Fate.FROZEN_MINT;
        }
        if (late != null) {
            brokenPromises.put(token.generation(), new Broken(at, late));
        } else if (!wasRejected(token, successor)) {
            fault("generation " + token.generation() + " was promised beyond " + at.plus(grace()));
        }
    }

    /**
     * Returns whether a node that was frozen in the midst of its mint, beyond its claim, told of
     * the answer between the token and its successor. It cannot tell which mint came first, so the
     * token is suspect and minted again.
     */
    private boolean answeredLate(Token token, Instant at, @Nullable Claimed successor) {
        return standing(token, successor) == Token.Standing.SUSPECT
                && claims.stream()
                        .filter(claimed -> claimed.claim().at().isBefore(token.mintedAt()))
                        .anyMatch(claimed -> wasFrozen(claimed, at));
    }

    private static boolean wasRejected(Token token, @Nullable Claimed successor) {
        return standing(token, successor) == Token.Standing.REJECTED;
    }

    /** Returns how the token stood when its successor was claimed. */
    private static Token.@Nullable Standing standing(Token token, @Nullable Claimed successor) {
        return successor == null
                ? null
                : successor.before().tokens().stream()
                        .filter(known -> known.generation() == token.generation())
                        .findFirst()
                        .map(Token::standing)
                        .orElse(null);
    }

    /** Returns whether a mint ends an earlier one's token, the {@code nth} newest before it. */
    private boolean ends(MintRecord later, MintRecord earlier, int nth) {
        return switch (retention.rule()) {
            case NEWEST_ONLY, GRACE -> true;
            case INDEXED -> later.index() == earlier.index();
            case NEWEST -> nth >= retention.count();
            case KEEP_ALL, STICKY -> false;
        };
    }

    private Duration grace() {
        return retention.rule() == Retention.Rule.GRACE ? retention.span() : Duration.ZERO;
    }

    private void checkRanOut(Claimed claimed) {
        Claim claim = claimed.claim();
        boolean explained =
                mishaps.stream()
                        .filter(mishap -> mishap.concerns(History.pid(claim)))
                        .anyMatch(mishap -> mishap.touches(claim.at(), claim.until()));
        if (!explained) {
            fault("a claim ran out and nothing was done to its process: " + claim);
        }
    }

    /**
     * Adds what callers logged. A 401 is ours where the answer was there before the promise and its
     * settle were over.
     *
     * @param hurt whether the callers were killed or frozen, so that answers may be missing
     */
    void add(List<CallLog.Call> calls, boolean hurt) {
        for (CallLog.Call call : calls) {
            if (!call.app().equals(app)) {
                continue;
            }
            Token token = published.get(call.token());
            Instant answeredAt = call.answeredAt();
            if (token == null) {
                fault("a token that was never published: " + call);
            } else if (answeredAt == null) {
                unanswered++;
                if (!hurt) {
                    fault("no answer, and nobody killed the caller: " + call);
                }
            } else {
                answered++;
                count(call, token, answeredAt);
            }
            if (token != null
                    && call.sentAt().isBefore(token.promisedUntil())
                    && call.until().isAfter(token.promisedUntil().plus(READING))) {
                fault("promised beyond " + token.promisedUntil() + ": " + call);
            }
        }
    }

    private void count(CallLog.Call call, Token token, Instant answeredAt) {
        if (call.status() != 401) {
            return;
        }
        Fate fate = fate(call, token, answeredAt);
        refused.merge(fate, 1L, Long::sum);
        if (fate == Fate.OURS) {
            fault("401 within the promise of generation " + token.generation() + ": " + call);
        }
    }

    private Fate fate(CallLog.Call call, Token token, Instant answeredAt) {
        Instant promised = token.promisedUntil();
        if (answeredAt.isBefore(Worker.arrivesBy(token))) {
            Broken broken = brokenPromises.get(token.generation());
            return broken == null || broken.at.isAfter(answeredAt) ? Fate.OURS : broken.fate;
        }
        if (call.sentAt().isBefore(promised)) {
            return Fate.ON_ITS_WAY;
        }
        return call.handedAt().isBefore(promised) ? Fate.OVERSLEPT : Fate.UNPROMISED;
    }

    /** Compares what the callers logged with what the provider counted. */
    void compare(long minted, long ok, long refused) {
        if (minted != mints.size()) {
            fault("the provider counted " + minted + " mints and lists " + mints.size());
        }
        long seen = this.refused.values().stream().mapToLong(Long::longValue).sum();
        if (refused < seen || refused > seen + unanswered) {
            fault("the provider answered " + refused + " calls with 401");
        }
        if (ok + refused < answered || ok + refused > answered + unanswered) {
            fault("the provider answered " + (ok + refused) + " calls, callers saw " + answered);
        }
    }

    private void fault(String what) {
        faults.add(app + ": " + what);
    }

    int count(End end) {
        return Objects.requireNonNullElse(ends.get(end), 0);
    }

    /** Returns what does not add up. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Returns how many mints reached the provider and came to nothing. */
    long lost() {
        return lost;
    }

    /** Returns how many calls were answered 401, by the reason. */
    Map<Fate, Long> refused() {
        return Map.copyOf(refused);
    }

    /**
     * Returns claims, mints and mishaps in the order of time, for somebody who looks for a cause.
     */
    List<String> story() {
        List<String> story = new ArrayList<>();
        for (Claimed claimed : claims) {
            story.add(claimed.claim().at() + " " + claimed.end() + " " + claimed.claim());
        }
        mints.forEach(mint -> story.add(mint.at() + " " + mint));
        mishaps.forEach(mishap -> story.add(mishap.from() + " " + mishap));
        story.sort(null);
        return story;
    }

    /** Returns every claim, in the order they were written. */
    List<Claimed> claims() {
        return claims;
    }

    /** Returns why which mint came after its claim was over. */
    Map<Integer, Fate> lateMints() {
        return Map.copyOf(lateMints);
    }

    long answered() {
        return answered;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-12s %5d mints = %5d published + %3d lost; claims: %d ran out, %d in doubt, %d"
                        + " given back, %d failed; %6d calls, 401: %s",
                app,
                mints.size(),
                count(End.PUBLISHED),
                lost,
                count(End.RAN_OUT),
                count(End.DOUBTED),
                count(End.RELEASED),
                count(End.FAILED),
                answered,
                refused);
    }
}
