package org.evergrant.spi;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.evergrant.Retention;
import org.evergrant.Token;
import org.jspecify.annotations.Nullable;

/**
 * All that the nodes share about one app. Immutable; {@link Rotation} makes one from another.
 *
 * @param generation of the newest token ever published; 0 before the first
 * @param tokens newest first, without those that have expired. A token with an empty value stands
 *     for one that a doubtful mint may have made: it takes a place in the provider's window, and is
 *     never handed out
 * @param claim who is minting
 * @param trouble what went wrong last
 * @param spent for each mint in the budget's window the latest instant at which the provider can
 *     have counted it, oldest first
 * @param streak how many tokens in a row were rejected while young
 * @param learned what the provider was seen to do otherwise than configured
 */
public record AppRecord(
        long generation,
        List<Token> tokens,
        @Nullable Claim claim,
        @Nullable Trouble trouble,
        List<Instant> spent,
        int streak,
        @Nullable Learned learned) {

    /** The record of an app of which nothing is known yet. */
    public static final AppRecord EMPTY =
            new AppRecord(0, List.of(), null, null, List.of(), 0, null);

    /** Copies the lists. */
    public AppRecord {
        tokens = List.copyOf(tokens);
        spent = List.copyOf(spent);
    }

    /**
     * What the provider was seen to do otherwise than configured; void once the configuration
     * changes.
     *
     * @param configured the retention that was configured
     * @param seen the stricter one that holds instead
     */
    public record Learned(Retention configured, Retention seen) {}

    /** Returns the newest token that has a value, whatever its standing. */
    public Optional<Token> newest() {
        return tokens.stream().filter(token -> !token.value().isEmpty()).findFirst();
    }

    /** Returns the newest good token that has not expired at {@code now}. */
    public Optional<Token> usable(Instant now) {
        return tokens.stream().filter(token -> token.isUsable(now)).findFirst();
    }

    AppRecord withTokens(List<Token> changed) {
        return new AppRecord(generation, changed, claim, trouble, spent, streak, learned);
    }

    AppRecord withClaim(@Nullable Claim changed) {
        return new AppRecord(generation, tokens, changed, trouble, spent, streak, learned);
    }

    AppRecord withTrouble(@Nullable Trouble changed) {
        return new AppRecord(generation, tokens, claim, changed, spent, streak, learned);
    }

    AppRecord withSpent(List<Instant> changed) {
        return new AppRecord(generation, tokens, claim, trouble, changed, streak, learned);
    }

    AppRecord withStreak(int changed) {
        return new AppRecord(generation, tokens, claim, trouble, spent, changed, learned);
    }

    AppRecord withLearned(@Nullable Learned changed) {
        return new AppRecord(generation, tokens, claim, trouble, spent, streak, changed);
    }

    AppRecord withNewest(Token token) {
        List<Token> all = new ArrayList<>(tokens.size() + 1);
        all.add(token);
        all.addAll(tokens);
        return new AppRecord(
                Math.max(generation, token.generation()),
                all,
                claim,
                trouble,
                spent,
                streak,
                learned);
    }
}
