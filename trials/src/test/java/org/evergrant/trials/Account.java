package org.evergrant.trials;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
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
 * where the process that wrote it was killed before it did.
 */
final class Account {
    private final String app;
    private final Retention retention;
    private final List<Claimed> claims;
    private final List<MintRecord> mints;
    private final List<@Nullable Claimed> claimOfMint = new ArrayList<>();
    private final Map<End, Integer> ends = new EnumMap<>(End.class);
    private final Map<String, Token> published = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private long lost;
    private long answered;
    private long unanswered;
    private long covered;
    private long overslept;

    /**
     * Draws up the account.
     *
     * @param versions every version of the record
     * @param mints the provider's, oldest first
     * @param deathOf when the process of that id was killed, null if it was not
     */
    Account(
            String app,
            Retention retention,
            List<AppRecord> versions,
            List<MintRecord> mints,
            LongFunction<Crew.@Nullable Death> deathOf) {
        this.app = app;
        this.retention = retention;
        this.claims = History.claims(versions);
        this.mints = List.copyOf(mints);
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
        claims.stream()
                .filter(claimed -> claimed.end() == End.RAN_OUT)
                .forEach(claimed ->
                        checkKilled(claimed, deathOf.apply(History.pid(claimed.claim()))));
    }

    /** Finds the claim of each mint, and what does not add up. */
    private void balance(long generation) {
        Map<Claimed, Integer> mintsOf = new HashMap<>();
        for (MintRecord mint : mints) {
            Claimed owner = null;
            for (Claimed claimed : claims) {
                owner = claimed.claim().at().isAfter(mint.at()) ? owner : claimed;
            }
            claimOfMint.add(owner);
            if (owner == null || !mint.at().isBefore(owner.claim().until())) {
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
                if (ended && token != null && token.promisedUntil().isAfter(end)) {
                    fault("generation " + token.generation() + " was promised beyond " + end);
                }
            }
        }
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

    private void checkKilled(Claimed claimed, Crew.@Nullable Death death) {
        if (death == null
                || death.to().isBefore(claimed.claim().at())
                || death.from().isAfter(claimed.claim().until())) {
            fault("a claim ran out whose process was not killed: " + claimed.claim());
        }
    }

    /**
     * Adds what callers logged. A 401 is ours where the answer was there before the promise and its
     * settle were over; a call that its caller did not live to see answered is judged by the
     * caller's death.
     */
    void add(List<CallLog.Call> calls, @Nullable Instant died) {
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
                if (died == null) {
                    fault("no answer, and nobody killed the caller: " + call);
                }
            } else {
                answered++;
                count(call, token, answeredAt);
            }
        }
    }

    private void count(CallLog.Call call, Token token, Instant answeredAt) {
        if (call.status() != 401) {
            return;
        }
        Duration margin = Duration.between(token.promisedUntil(), token.expiresAt());
        if (answeredAt.isBefore(token.promisedUntil().plus(margin.dividedBy(2)))) {
            covered++;
            fault("401 within the promise of generation " + token.generation() + ": " + call);
        } else {
            overslept++;
        }
    }

    /** Compares what the callers logged with what the provider counted. */
    void compare(long minted, long ok, long refused) {
        if (minted != mints.size()) {
            fault("the provider counted " + minted + " mints and lists " + mints.size());
        }
        if (refused < covered + overslept || refused > covered + overslept + unanswered) {
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

    long answered() {
        return answered;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-12s %5d mints = %5d published + %3d lost; claims: %d ran out, %d in doubt, %d"
                        + " given back, %d failed; %6d calls, 401: %d promised, %d late",
                app,
                mints.size(),
                count(End.PUBLISHED),
                lost,
                count(End.RAN_OUT),
                count(End.DOUBTED),
                count(End.RELEASED),
                count(End.FAILED),
                answered,
                covered,
                overslept);
    }
}
