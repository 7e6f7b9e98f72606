package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenTest {
    private static final Instant MINTED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Token TOKEN =
            new Token(
                    1,
                    0,
                    Secret.of("eyJ"),
                    "bearer",
                    "",
                    "",
                    MINTED,
                    MINTED.plusSeconds(100),
                    MINTED.plusSeconds(90),
                    Token.Standing.GOOD,
                    false);

    @Test
    void lifeLeftCountsToThePromiseThenToTheExpiryAndIsNeverNegative() {
        assertThat(TOKEN.lifeLeft(MINTED)).isEqualTo(Duration.ofSeconds(90));
        assertThat(TOKEN.lifeLeft(MINTED.plusSeconds(89))).isEqualTo(Duration.ofSeconds(1));
        assertThat(TOKEN.lifeLeft(MINTED.plusSeconds(90))).isEqualTo(Duration.ofSeconds(10));
        assertThat(TOKEN.lifeLeft(MINTED.plusSeconds(100))).isZero();
        assertThat(TOKEN.lifeLeft(MINTED.plusSeconds(200))).isZero();
    }

    @Test
    void tokenIsSentAsABearerToken() {
        assertThat(TOKEN.authorization()).isEqualTo("Bearer eyJ");
        assertThat(TOKEN.toString()).doesNotContain("eyJ");
    }
}
