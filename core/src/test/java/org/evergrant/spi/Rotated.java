package org.evergrant.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.evergrant.AppId;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;

/**
 * One app's record, moved by hand through the rotation's own functions. Times count from zero, in
 * ms.
 */
final class Rotated {
    static final Instant ZERO = Instant.parse("2026-01-01T00:00:00Z");
    static final Duration LIFE = Duration.ofSeconds(1000);

    final Policy policy;
    AppRecord record = AppRecord.EMPTY;
    private int minted;

    private Rotated(Policy policy) {
        this.policy = policy;
    }

    static Rotated under(String retention) {
        return under(retention, Optional.empty());
    }

    static Rotated under(String retention, String budget) {
        return under(retention, Optional.of(MintBudget.parse(budget)));
    }

    private static Rotated under(String retention, Optional<MintBudget> budget) {
        return new Rotated(
                new Policy(
                        AppId.of("app"),
                        Retention.parse(retention),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(1),
                        budget,
                        Duration.ofSeconds(12),
                        Duration.ofMinutes(5)));
    }

    static Instant at(long ms) {
        return ZERO.plusMillis(ms);
    }

    Step next(long ms) {
        return Rotation.next(record, policy, at(ms));
    }

    Step next(long ms, Ask ask) {
        return Rotation.next(record, policy, at(ms), ask);
    }

    Claim claim(long ms, int index) {
        return claim(ms, index, "node");
    }

    Claim claim(long ms, int index, String node) {
        Claim claim = Rotation.claim(record, policy, node, index, at(ms));
        record = Rotation.claimed(record, policy, claim);
        return claim;
    }

    /** Claims and publishes a token of {@link #LIFE} in the same instant. */
    Token mint(long ms, int index) {
        return publish(claim(ms, index), ms);
    }

    Token publish(Claim claim, long ms) {
        return publish(claim, ms, "token-" + ++minted, LIFE);
    }

    Token publish(Claim claim, long ms, String value, Duration life) {
        record = Rotation.published(record, policy, claim, minted(value, life), at(ms));
        return record.newest().orElseThrow();
    }

    static Minter.Minted minted(String value, Duration life) {
        return new Minter.Minted(Secret.of(value), "bearer", "", "", Optional.of(life));
    }

    void fail(Claim claim, long ms, Trouble.Kind kind) {
        fail(claim, ms, kind, Optional.empty());
    }

    void fail(Claim claim, long ms, Trouble.Kind kind, Optional<Duration> retryAfter) {
        Minter.NotMinted answer = new Minter.NotMinted(kind, "no", retryAfter);
        record = Rotation.failed(record, policy, claim, answer, at(ms));
    }

    void doubt(Claim claim, long ms) {
        Minter.Doubtful answer = new Minter.Doubtful("no answer", Optional.empty());
        record = Rotation.doubted(record, policy, claim, answer, at(ms));
    }

    void reject(Token token, long ms) {
        record = Rotation.rejected(record, policy, token.generation(), at(ms));
    }

    Token token(long generation) {
        return record.tokens().stream()
                .filter(token -> token.generation() == generation)
                .findFirst()
                .orElseThrow();
    }

    Trouble trouble() {
        return Objects.requireNonNull(record.trouble(), "no trouble");
    }

    /** A good token of {@link #LIFE}, as a mint at that instant would bring it. */
    static Token token(long generation, int index, long mintedMs) {
        return new Token(
                generation,
                index,
                Secret.of("token-" + generation),
                "bearer",
                "",
                "",
                at(mintedMs),
                at(mintedMs + 1_000_000),
                at(mintedMs + 940_000),
                Token.Standing.GOOD,
                false);
    }

    /** A record with these tokens, newest first. */
    static AppRecord holding(Token... tokens) {
        return new AppRecord(tokens.length, List.of(tokens), null, null, List.of(), 0, null);
    }
}
