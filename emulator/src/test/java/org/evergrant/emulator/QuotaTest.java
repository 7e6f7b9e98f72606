package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuotaTest {
    private final SettableClock clock = new SettableClock();
    private final SlidingWindow window = new SlidingWindow();

    @Test
    void grantsSoManyInAnyWindowAndSaysWhenTheNextMay() {
        Quota quota = Quota.parse("2/10m");
        assertThat(take(quota).remaining()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(3));
        assertThat(take(quota).remaining()).isZero();
        clock.advance(Duration.ofMinutes(1));

        SlidingWindow.Ticket refused = take(quota);

        assertThat(refused.granted()).isFalse();
        assertThat(refused.opensIn()).isEqualTo(Duration.ofMinutes(6));
        clock.advance(refused.opensIn());
        assertThat(take(quota).granted()).isTrue();
        assertThat(take(quota).opensIn()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void refusedAttemptsDoNotCount() {
        Quota quota = new Quota(1, Duration.ofSeconds(10));
        take(quota);
        for (int i = 0; i < 9; i++) {
            clock.advance(Duration.ofSeconds(1));
            assertThat(take(quota).granted()).isFalse();
        }

        clock.advance(Duration.ofSeconds(1));

        assertThat(take(quota).granted()).isTrue();
    }

    @Test
    void loweredQuotaWaitsUntilEnoughHaveLeft() {
        Quota generous = new Quota(3, Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) {
            take(generous);
            clock.advance(Duration.ofSeconds(1));
        }

        SlidingWindow.Ticket refused = take(new Quota(1, Duration.ofSeconds(10)));

        assertThat(refused.opensIn()).isEqualTo(Duration.ofSeconds(9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10/", "/10m", "0/10m", "10/0ms", "-1/10m", "10/10"})
    void refusesWhatIsNoQuota(String text) {
        assertThatThrownBy(() -> Quota.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: ");
    }

    private SlidingWindow.Ticket take(Quota quota) {
        return window.take(quota, clock.instant());
    }
}
