package org.evergrant.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.evergrant.Retention;
import org.evergrant.Token;

/**
 * Where the next mint goes, and from when on it breaks no promise.
 *
 * @param index the {@code token_index} to mint at
 * @param safeAt the earliest instant at which that mint kills nothing that is promised
 */
record MintPlan(int index, Instant safeAt) {

    /**
     * Returns the best plan: an index without a live token (that of the newest token first, when it
     * is rejected or suspect), else one without a running promise, else the one whose promise ends
     * first.
     */
    static MintPlan of(AppRecord record, Policy policy, Instant now) {
        Retention rules = policy.rules(record);
        MintPlan best = at(0, record, policy, rules, now);
        if (rules.indexes() == 1) {
            return best;
        }
        int own =
                record.newest()
                        .filter(token -> token.standing() != Token.Standing.GOOD)
                        .map(Token::index)
                        .filter(index -> index < rules.indexes())
                        .orElse(-1);
        if (own >= 0 && isFree(own, record, now)) {
            return at(own, record, policy, rules, now);
        }
        boolean bestFree = isFree(0, record, now);
        for (int index = 1; index < rules.indexes() && !bestFree; index++) {
            MintPlan plan = at(index, record, policy, rules, now);
            boolean free = isFree(index, record, now);
            if (free || plan.safeAt.isBefore(best.safeAt)) {
                best = plan;
                bestFree = free;
            }
        }
        return best;
    }

    private static MintPlan at(
            int index, AppRecord record, Policy policy, Retention rules, Instant now) {
        List<Token> displaced = Displacement.of(record, rules, index, now);
        Instant safeAt = now;
        for (Token token : displaced) {
            if (token.standing() == Token.Standing.GOOD) {
                safeAt = Rotation.later(safeAt, breaksNothingFrom(token, policy, rules));
            }
        }
        return new MintPlan(index, safeAt);
    }

    /**
     * A displaced token must outlive its promise and the settling of requests already on their way.
     */
    private static Instant breaksNothingFrom(Token token, Policy policy, Retention rules) {
        Duration margin = Duration.between(token.promisedUntil(), token.expiresAt());
        Instant settled = token.promisedUntil().plus(policy.settleFor(margin));
        return Rotation.earlier(settled, token.expiresAt()).minus(rules.grace());
    }

    private static boolean isFree(int index, AppRecord record, Instant now) {
        return record.tokens().stream()
                .noneMatch(token -> token.index() == index && token.isUsable(now));
    }
}
