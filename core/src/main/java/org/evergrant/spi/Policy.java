package org.evergrant.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.Token;

/**
 * What {@link Rotation} needs to know of an app.
 *
 * @param app spreads renewals and retries of different apps
 * @param retention as configured
 * @param margin how long before expiry a promise ends, at most
 * @param settle how long a killing mint waits after a promise's end, at most
 * @param budget how many mints the provider allows
 * @param claimLife how long a claim holds: the time to send the mint in, its deadline, and the
 *     settle
 * @param lifeIfUnsaid the life of a token when neither this mint nor one before it said any
 */
public record Policy(
        AppId app,
        Retention retention,
        Duration margin,
        Duration settle,
        Optional<MintBudget> budget,
        Duration claimLife,
        Duration lifeIfUnsaid) {
    /** How long after its claim a mint may be sent. */
    private static final Duration CLAIM_SLACK = Duration.ofSeconds(2);

    /** The margin is at most this part of a token's life. */
    private static final int MARGIN_PART = 10;

    /** Returns the policy of an app. */
    public static Policy of(App app) {
        return new Policy(
                app.id(),
                app.retention(),
                app.margin(),
                app.settle(),
                app.mintBudget(),
                app.mintDeadline().plus(app.settle()).plus(CLAIM_SLACK),
                app.lifeIfUnsaid());
    }

    /**
     * Returns until when the mint of {@code claim} may be sent. One sent later could arrive after
     * the claim ran out: it has its deadline to be answered in, and where it is given up then, the
     * settle to arrive in all the same.
     */
    public Instant sendBy(Claim claim) {
        return claim.at().plus(CLAIM_SLACK);
    }

    /** Returns the retention to act by: the configured one, or the stricter one that was seen. */
    public Retention rules(AppRecord record) {
        AppRecord.Learned learned = record.learned();
        return learned != null && learned.configured().equals(retention)
                ? learned.seen()
                : retention;
    }

    /** Returns the life of a token of which nothing is said: that of the one before it. */
    Duration lastLife(AppRecord record) {
        return record.newest().map(Token::life).orElse(lifeIfUnsaid);
    }

    /**
     * Returns how long before expiry the promise of a token ends: the configured margin, but at
     * most a tenth of its life; and half the stickiness where that is less, so that the provider
     * hands out the next token before the promise ends.
     */
    public Duration marginFor(Duration life) {
        Duration most = shorter(margin, life.dividedBy(MARGIN_PART));
        return retention.isSticky() ? shorter(most, retention.stickiness().dividedBy(2)) : most;
    }

    /**
     * Returns how long a killing mint waits after the end of a token's promise: at most half its
     * margin.
     */
    public Duration settleFor(Duration tokenMargin) {
        return shorter(settle, tokenMargin.dividedBy(2));
    }

    /**
     * Returns a number from 0 to 1 that differs from app to app and, with {@code salt}, from try to
     * try.
     */
    double spread(int salt) {
        int hash = (app.value().hashCode() * 31 + salt) * 0x9E3779B9;
        return (hash >>> 8) / (double) (1 << 24);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
