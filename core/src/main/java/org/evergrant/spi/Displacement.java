package org.evergrant.spi;

import static org.evergrant.Token.Standing.GOOD;
import static org.evergrant.Token.Standing.SUSPECT;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;

/** What a mint does to the tokens before it: the rules of a {@link Retention}, applied. */
final class Displacement {
    /** More tokens than any window counts are of no use, and records stay small. */
    private static final int MOST_TOKENS = Retention.MOST + 1;

    private Displacement() {}

    /** Returns the tokens alive at {@code now} that a mint at {@code index} displaces. */
    static List<Token> of(AppRecord record, Retention rules, int index, Instant now) {
        List<Token> displaced = new ArrayList<>();
        int place = 1;
        for (Token token : record.tokens()) {
            boolean counts = rules.indexes() == 1 || token.index() == index;
            if (counts && now.isBefore(token.expiresAt()) && place++ >= rules.window()) {
                displaced.add(token);
            }
        }
        return displaced;
    }

    /**
     * Returns the record after a mint that did happen: what it displaced is gone, or ends with the
     * grace.
     */
    static AppRecord displace(AppRecord record, Retention rules, Claim claim, Instant now) {
        List<Token> displaced = of(record, rules, claim.index(), now);
        Instant end = claim.at().plus(rules.grace());
        List<Token> kept = new ArrayList<>();
        for (Token token : record.tokens()) {
            Token left = displaced.contains(token) ? ending(token, end) : token;
            if (now.isBefore(left.expiresAt()) && kept.size() < MOST_TOKENS) {
                kept.add(left);
            }
        }
        return record.withTokens(kept);
    }

    /**
     * Returns the record after a mint that may have happened. A token it may have killed turns
     * suspect, unless the grace outlasts its promise. Where the provider counts a window, the
     * unseen token takes a place in it.
     *
     * @param now until when the mint can have happened; tokens claimed later outlived it
     */
    static AppRecord doubt(AppRecord record, Policy policy, Claim claim, Instant now) {
        Retention rules = policy.rules(record);
        boolean windowed = rules.window() > 1 && !rules.killsNothing();
        // Noted before, when the claim ran out or by a compare-and-set whose answer was lost: the
        // same mint takes one place only, and may be the newest after all.
        AppRecord others = windowed ? record.withTokens(withoutUnseen(record, claim)) : record;
        List<Token> displaced = of(others, rules, claim.index(), now);
        Instant end = claim.at().plus(rules.grace());
        List<Token> tokens = new ArrayList<>();
        if (windowed) {
            tokens.add(unseen(claim, now, policy.lastLife(record)));
        }
        for (Token token : others.tokens()) {
            boolean older = token.mintedAt().isBefore(now);
            boolean struck = older && displaced.contains(token) && token.standing() == GOOD;
            if (!struck) {
                tokens.add(token);
            } else if (end.isBefore(token.promisedUntil()) || rules.grace().isZero()) {
                tokens.add(token.as(SUSPECT));
            } else {
                tokens.add(ending(token, end));
            }
        }
        return record.withTokens(tokens);
    }

    private static Token ending(Token token, Instant end) {
        return token.until(
                Rotation.earlier(token.expiresAt(), end),
                Rotation.earlier(token.promisedUntil(), end));
    }

    private static List<Token> withoutUnseen(AppRecord record, Claim claim) {
        return record.tokens().stream()
                .filter(token -> !token.value().isEmpty() || !token.mintedAt().equals(claim.at()))
                .toList();
    }

    private static Token unseen(Claim claim, Instant arrived, Duration life) {
        Instant expiry = Rotation.later(claim.until(), arrived).plus(life);
        return new Token(
                0,
                claim.index(),
                Secret.of(""),
                "",
                "",
                "",
                claim.at(),
                expiry,
                claim.at(),
                SUSPECT,
                false);
    }
}
