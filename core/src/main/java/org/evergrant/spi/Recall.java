package org.evergrant.spi;

import static org.evergrant.Token.Standing.GOOD;
import static org.evergrant.Token.Standing.SUSPECT;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.evergrant.Token;
import org.jspecify.annotations.Nullable;

/**
 * Brings together a record that a store went back to and what a node saw before. What the node saw
 * came later, so it holds, but for what was written after the store went back: a newer token, a
 * claim, a rejection.
 */
final class Recall {
    private final AppRecord record;
    private final AppRecord before;

    private Recall(AppRecord record, AppRecord before) {
        this.record = record;
        this.before = before;
    }

    static AppRecord of(AppRecord record, AppRecord before) {
        Recall recall = new Recall(record, before);
        return recall.hasMovedOn() ? record : recall.together();
    }

    /** A token minted after all that the node saw: what the node saw may be dead of it. */
    private boolean hasMovedOn() {
        Optional<Token> newest = before.newest();
        return record.tokens().stream()
                .filter(token -> known(before, token) == null)
                .anyMatch(token ->
                        newest.isEmpty() || token.mintedAt().isAfter(newest.get().mintedAt()));
    }

    private AppRecord together() {
        Trouble trouble = trouble();
        boolean isDoubted =
                trouble != null
                        && trouble.kind() == Trouble.Kind.DOUBT
                        && !trouble.equals(before.trouble());
        List<Token> tokens = new ArrayList<>();
        for (Token token : before.tokens()) {
            Token there = known(record, token);
            Token.Standing standing = there != null ? there.standing() : isDoubted ? SUSPECT : GOOD;
            tokens.add(token.standing() == GOOD ? token.as(standing) : token);
        }
        return new AppRecord(
                Math.max(before.generation(), record.generation()),
                tokens,
                claim(),
                trouble,
                List.copyOf(spent()),
                before.streak(),
                before.learned() == null ? record.learned() : before.learned());
    }

    private @Nullable Claim claim() {
        Claim there = record.claim();
        Claim seen = before.claim();
        if (there == null || isOver(there)) {
            return seen;
        }
        // Two mints at once: nobody knows in which order the provider sees them.
        return seen == null || seen.isSame(there) ? there : there.contest();
    }

    /** The node saw the end of this claim: the token it brought, or what went wrong. */
    private boolean isOver(Claim claim) {
        Trouble trouble = before.trouble();
        Claim seen = before.claim();
        return before.tokens().stream().anyMatch(token -> !token.mintedAt().isBefore(claim.at()))
                || (trouble != null && !trouble.at().isBefore(claim.at()))
                || (seen != null && seen.at().isAfter(claim.at()));
    }

    private @Nullable Trouble trouble() {
        Trouble there = record.trouble();
        Trouble seen = before.trouble();
        if (there == null || (seen != null && !there.at().isAfter(seen.at()))) {
            return seen;
        }
        boolean isOver =
                before.tokens().stream().anyMatch(token -> token.mintedAt().isAfter(there.at()));
        return isOver ? seen : there;
    }

    private Set<Instant> spent() {
        Set<Instant> all = new TreeSet<>(before.spent());
        all.addAll(record.spent());
        return all;
    }

    private static @Nullable Token known(AppRecord in, Token token) {
        for (Token one : in.tokens()) {
            if (one.value().equals(token.value()) && one.mintedAt().equals(token.mintedAt())) {
                return one;
            }
        }
        return null;
    }
}
