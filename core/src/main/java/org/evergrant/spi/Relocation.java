package org.evergrant.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.evergrant.Token;
import org.jspecify.annotations.Nullable;

/**
 * How a record goes from one store to another without breaking a promise. Pure functions; {@link
 * Rotation} decides what nodes do with such a record.
 *
 * <ol>
 *   <li>In the old store the record gets a claim that does not run out. Nodes that still work there
 *       hand out what is promised, and then mint nothing: their callers are told where the tokens
 *       went.
 *   <li>The record as it was before is written to the new store, its instants moved to that store's
 *       clock.
 * </ol>
 */
public final class Relocation {
    private static final String MARK = "moved to ";

    /** Longer than anybody leaves a node as it is, and short enough for every timer. */
    private static final Duration FOR_GOOD = Duration.ofDays(3650);

    private Relocation() {}

    /** Returns whether nothing is lost when the record is overwritten. */
    public static boolean isEmpty(AppRecord record) {
        return record.equals(AppRecord.EMPTY);
    }

    /** Returns the store that the record went to, by its name. */
    public static Optional<String> target(AppRecord record) {
        Claim claim = record.claim();
        return claim != null && claim.node().startsWith(MARK)
                ? Optional.of(claim.node().substring(MARK.length()))
                : Optional.empty();
    }

    /**
     * Returns until when somebody is minting at {@code now}, so that the record cannot be moved
     * before.
     */
    public static Optional<Instant> mintingUntil(AppRecord record, Instant now) {
        return target(record).isPresent()
                ? Optional.empty()
                : Optional.ofNullable(record.claim()).map(Claim::until).filter(now::isBefore);
    }

    /**
     * Returns the record with the mark that it was moved.
     *
     * @param target the new store's name, without a secret
     */
    public static AppRecord marked(AppRecord record, Policy policy, String target, Instant now) {
        AppRecord settled = Rotation.settled(record, policy, now);
        int index = settled.newest().map(Token::index).orElse(0);
        Instant end = now.plus(FOR_GOOD);
        String detail = "the tokens were moved to " + target + ": start this node with that store";
        return settled.withClaim(new Claim(MARK + target, index, now, end, false, false))
                .withTrouble(new Trouble(Trouble.Kind.MISCONFIGURED, now, end, 1, detail));
    }

    /**
     * Returns the record to write to the new store: what {@code record} says at {@code now} without
     * any claim, or what it said before it was marked, on a clock that is {@code ahead} of its own.
     */
    public static AppRecord moved(AppRecord record, Policy policy, Instant now, Duration ahead) {
        AppRecord open =
                target(record).isPresent()
                        ? unmarked(record)
                        : Rotation.settled(record, policy, now);
        return new AppRecord(
                open.generation(),
                open.tokens().stream().map(token -> later(token, ahead)).toList(),
                open.claim(),
                later(open.trouble(), ahead),
                open.spent().stream().map(at -> at.plus(ahead)).toList(),
                open.streak(),
                open.learned());
    }

    /** Returns the record without the mark, for nodes that go on with the old store. */
    public static AppRecord unmarked(AppRecord record) {
        return target(record).isPresent() ? record.withClaim(null).withTrouble(null) : record;
    }

    private static Token later(Token token, Duration ahead) {
        return new Token(
                token.generation(),
                token.index(),
                token.value(),
                token.type(),
                token.scope(),
                token.apiUrl(),
                token.mintedAt().plus(ahead),
                token.expiresAt().plus(ahead),
                token.promisedUntil().plus(ahead),
                token.standing(),
                token.forced());
    }

    private static @Nullable Trouble later(@Nullable Trouble trouble, Duration ahead) {
        return trouble == null
                ? null
                : new Trouble(
                        trouble.kind(),
                        trouble.at().plus(ahead),
                        trouble.retryAt().plus(ahead),
                        trouble.attempts(),
                        trouble.detail());
    }
}
