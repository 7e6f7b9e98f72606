package org.evergrant;

import java.time.Duration;
import java.time.Instant;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Ask;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Rotation;
import org.evergrant.spi.Step;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * One look at the record: what it means for each waiter, whether to mint, and when to look again.
 */
final class Turn {
    /** No mint is due. */
    static final int NO_MINT = -1;

    /**
     * When a node whose callers wait for another node's mint looks, should the store's watch be
     * late: soon, because every caller waits for it, and then after half the time that the mint has
     * already taken. So a mint that takes long costs the store a few reads and not hundreds. Where
     * nobody waits the watch is quick enough, and a node hears of its own mint by itself.
     */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /**
     * What one waiter gets now: a token, a refusal, or neither while it goes on waiting.
     *
     * @param refusal whether it is refused
     * @param promise whether it is refused because the mint would break a running promise
     * @param trouble why else it is refused, if that is known
     */
    record Reply(
            @Nullable Token token,
            boolean refusal,
            boolean promise,
            @Nullable Trouble trouble,
            Instant retryAt) {}

    private final AppRecord record;
    private final Policy policy;
    private final Instant now;
    private final boolean hurried;
    private final Step step;
    private int index = NO_MINT;
    private boolean asked;
    private @Nullable Instant wake;

    /**
     * Looks once.
     *
     * @param hurried whether callers wait for what another node may bring
     */
    Turn(AppRecord record, Policy policy, Instant now, boolean hurried) {
        this.record = record;
        this.policy = policy;
        this.now = now;
        this.hurried = hurried;
        this.step = Rotation.next(record, policy, now);
        note(step);
    }

    Instant now() {
        return now;
    }

    /** Returns the step for a caller who takes any token. */
    Step step() {
        return step;
    }

    /** Returns where to mint, or {@link #NO_MINT}. */
    int mintIndex() {
        return index;
    }

    /** Returns whether a waiter's answer calls for the mint, be it for this caller or the next. */
    boolean isMintAsked() {
        return asked;
    }

    /** Returns when another step may be due. */
    @Nullable Instant wake() {
        return wake;
    }

    /** Returns what a caller who waits until {@code deadline} gets now. */
    Reply reply(Ask ask, Instant deadline) {
        Step due = ask.equals(Ask.ANY) ? step : Rotation.next(record, policy, now, ask);
        note(due);
        if (due instanceof Step.Serve serve) {
            return isEnough(serve.token(), ask) ? token(serve.token()) : stale(deadline);
        }
        if (due instanceof Step.ServeAndRenew serve) {
            asked = true;
            return isEnough(serve.token(), ask) ? token(serve.token()) : stale(deadline);
        }
        if (due instanceof Step.Await await) {
            return reply(await, deadline);
        }
        if (due instanceof Step.Fail fail) {
            boolean hopeless =
                    fail.retryAt().isAfter(deadline)
                            || (fail.trouble() != null
                                    && fail.trouble().kind() == Trouble.Kind.MISCONFIGURED);
            return hopeless ? refusal(fail.trouble(), fail.retryAt()) : waiting();
        }
        asked = true;
        return waiting();
    }

    /** A wait for another node may end any moment; a wait for a promise ends when it says. */
    private Reply reply(Step.Await await, Instant deadline) {
        boolean certain = record.claim() == null;
        boolean tooLate = await.until().isAfter(deadline) && (certain || !deadline.isAfter(now));
        if (!tooLate) {
            return waiting();
        }
        if (await.meanwhile() != null) {
            return token(await.meanwhile());
        }
        return new Reply(null, true, certain, record.trouble(), await.until());
    }

    /** The newest token there is was the one the caller wants replaced. */
    private Reply stale(Instant deadline) {
        Trouble trouble = record.trouble();
        return trouble != null && trouble.retryAt().isAfter(deadline)
                ? refusal(trouble, trouble.retryAt())
                : waiting();
    }

    private void note(Step due) {
        if (due instanceof Step.Serve serve) {
            wakeAt(serve.until());
        } else if (due instanceof Step.ServeAndRenew serve) {
            index = serve.index();
            wakeAt(serve.until());
        } else if (due instanceof Step.Renew renew) {
            index = renew.index();
        } else if (due instanceof Step.Await await) {
            wakeAt(await.until());
            Claim claim = record.claim();
            if (hurried && claim != null) {
                Duration half = Duration.between(claim.at(), now).dividedBy(2);
                wakeAt(now.plus(half.compareTo(LOOK_AGAIN) > 0 ? half : LOOK_AGAIN));
            }
        } else if (due instanceof Step.Fail fail) {
            wakeAt(fail.retryAt());
        }
    }

    private void wakeAt(Instant instant) {
        if (wake == null || instant.isBefore(wake)) {
            wake = instant;
        }
    }

    private static boolean isEnough(Token token, Ask ask) {
        return token.generation() > ask.newerThan();
    }

    private Reply token(Token token) {
        return new Reply(token, false, false, null, now);
    }

    private Reply refusal(@Nullable Trouble trouble, Instant retryAt) {
        return new Reply(null, true, false, trouble, retryAt);
    }

    private Reply waiting() {
        return new Reply(null, false, false, null, now);
    }
}
