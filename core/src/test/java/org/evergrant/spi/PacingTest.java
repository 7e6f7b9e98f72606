package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.spi.Rotated.at;

import java.time.Duration;
import java.util.Optional;
import org.evergrant.Retention;
import org.evergrant.Token;
import org.junit.jupiter.api.Test;

/** What trouble does to those who ask meanwhile. */
class PacingTest {

    @Test
    void refusedIndexIsNotTriedAgain() {
        Rotated app = Rotated.under("indexed:3");
        app.mint(0, 0);
        app.mint(850_000, 1);

        app.fail(app.claim(1_000_000, 2), 1_000_000, Trouble.Kind.INDEX);

        assertThat(app.policy.rules(app.record)).isEqualTo(Retention.indexed(2));
        assertThat(app.trouble().retryAt()).isEqualTo(at(1_000_000));
        assertThat(((Step.ServeAndRenew) app.next(1_700_000)).index()).isEqualTo(0);
    }

    @Test
    void providerDownIsNotNoticedWithinThePromise() {
        Rotated app = Rotated.under("keep-all");
        Token token = app.mint(0, 0);

        app.fail(app.claim(850_000, 0), 850_000, Trouble.Kind.UNREACHABLE);

        Step.Serve serve = (Step.Serve) app.next(850_000);
        assertThat(serve.token()).isEqualTo(token);
        assertThat(serve.until()).isEqualTo(app.trouble().retryAt());
    }

    @Test
    void pastThePromiseAGoodTokenIsHandedOutWhileTheProviderIsDown() {
        Rotated app = Rotated.under("newest-only");
        Token token = app.mint(0, 0);

        app.fail(app.claim(941_000, 0), 941_010, Trouble.Kind.UNREACHABLE);

        Step.Serve serve = (Step.Serve) app.next(941_010);
        assertThat(serve.token()).isEqualTo(token);
        assertThat(serve.token().isPromised(at(941_010))).isFalse();
        assertThat(serve.token().lifeLeft(at(941_010))).isEqualTo(Duration.ofMillis(58_990));
    }

    @Test
    void pastThePromiseADoubtfulMintMeansThatNothingIsHandedOut() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);

        app.doubt(app.claim(941_000, 0), 941_010);

        assertThat(app.next(941_010)).isInstanceOf(Step.Fail.class);
    }

    @Test
    void pastTheExpiryTheTroubleIsSaid() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);

        app.fail(app.claim(1_000_000, 0), 1_000_000, Trouble.Kind.UNREACHABLE);

        Step.Fail fail = (Step.Fail) app.next(1_000_000);
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.UNREACHABLE);
        assertThat(fail.trouble()).isEqualTo(app.trouble());
        assertThat(fail.retryAt()).isBetween(at(1_000_200), at(1_000_300));
    }

    @Test
    void retriesBackOffToAQuarterMinute() {
        Rotated app = Rotated.under("newest-only");
        long now = 0;
        long wait = 0;
        for (int i = 0; i < 20; i++) {
            app.fail(app.claim(now, 0), now, Trouble.Kind.UNREACHABLE);
            wait = Duration.between(at(now), app.trouble().retryAt()).toMillis();
            assertThat(wait).isBetween(200L, 18_000L);
            now += wait;
        }

        assertThat(wait).isBetween(12_000L, 18_000L);
        assertThat(app.trouble().attempts()).isEqualTo(20);
    }

    @Test
    void retryAfterHoldsForEveryNodeButNotForEver() {
        Rotated app = Rotated.under("newest-only");
        Trouble.Kind limited = Trouble.Kind.RATE_LIMITED;

        app.fail(app.claim(0, 0), 0, limited, Optional.of(Duration.ofSeconds(40)));
        Step forty = app.next(39_999);
        Step over = app.next(40_000);
        app.fail(app.claim(40_000, 0), 40_000, limited, Optional.of(Duration.ofDays(400)));

        assertThat(forty).isInstanceOf(Step.Fail.class);
        assertThat(over).isEqualTo(new Step.Renew(0));
        assertThat(app.trouble().retryAt()).isEqualTo(at(3_640_000));
    }

    @Test
    void refusedConfigurationIsTriedOnceAMinute() {
        Rotated app = Rotated.under("newest-only");

        app.fail(app.claim(0, 0), 0, Trouble.Kind.MISCONFIGURED);

        assertThat(app.next(59_999)).isInstanceOf(Step.Fail.class);
        assertThat(app.next(60_000)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void mintBudgetIsNotExceeded() {
        Rotated app = Rotated.under("newest-only", "2/10m");
        app.reject(app.mint(0, 0), 10_000);

        Step forced = app.next(10_000);
        Step later = app.next(600_000);

        assertThat(forced).isEqualTo(new Step.Fail(null, at(600_000)));
        assertThat(later).isEqualTo(new Step.Renew(0));
    }

    @Test
    void plannedRenewalsMaySpendTheReserve() {
        Rotated app = Rotated.under("keep-all", "2/1h");
        app.mint(0, 0);

        Step planned = app.next(850_000);
        app.mint(850_000, 0);

        assertThat(planned).isInstanceOf(Step.ServeAndRenew.class);
        assertThat(app.next(1_700_000)).isInstanceOf(Step.Serve.class);
        assertThat(app.next(1_850_000)).isEqualTo(new Step.Fail(null, at(3_600_000)));
    }

    @Test
    void mintThatSurelyDidNotHappenIsNotSpent() {
        Rotated app = Rotated.under("newest-only", "1/10m");

        app.fail(app.claim(0, 0), 0, Trouble.Kind.UNREACHABLE);

        assertThat(app.record.spent()).isEmpty();
        assertThat(app.next(1_000)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void claimThatNobodyAnsweredIsSpentUntilItRanOut() {
        Rotated app = Rotated.under("newest-only", "1/10m");

        app.claim(0, 0);

        assertThat(app.next(12_000)).isEqualTo(new Step.Fail(app.record.trouble(), at(612_000)));
    }

    @Test
    void callerWhoNeedsALaterTokenIsToldWhenItMayBeHad() {
        Rotated app = Rotated.under("keep-all");
        Token token = app.mint(0, 0);
        app.fail(app.claim(700_000, 0), 700_000, Trouble.Kind.UNREACHABLE);

        assertThat(app.next(700_000, Ask.newerThan(1)))
                .isEqualTo(new Step.Fail(app.trouble(), app.trouble().retryAt()));
        assertThat(app.next(700_000, Ask.minLife(Duration.ofMinutes(10))))
                .isEqualTo(new Step.Serve(token, app.trouble().retryAt()));
        assertThat(app.next(700_000, Ask.newerThan(0)))
                .isInstanceOfSatisfying(
                        Step.Serve.class, step -> assertThat(step.token()).isEqualTo(token));
    }

    @Test
    void lastingTroubleIsLookedAtAgainWhenThePromiseEnds() {
        Rotated app = Rotated.under("keep-all");
        Token token = app.mint(0, 0);

        app.fail(
                app.claim(700_000, 0),
                700_000,
                Trouble.Kind.RATE_LIMITED,
                Optional.of(Duration.ofHours(1)));

        assertThat(app.next(700_000, Ask.minLife(Duration.ofMinutes(10))))
                .isEqualTo(new Step.Serve(token, at(940_000)));
    }

    @Test
    void tokenWithExactlyTheLifeAskedForWillDo() {
        Rotated app = Rotated.under("keep-all");
        app.mint(0, 0);
        Ask ask = Ask.minLife(Duration.ofMinutes(10));

        assertThat(app.next(340_000, ask)).isInstanceOf(Step.Serve.class);
        assertThat(app.next(340_001, ask)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void failuresAreCountedFromOneAfterTroubleOfAnotherSort() {
        Rotated app = Rotated.under("newest-only");
        app.reject(app.mint(0, 0), 10);
        app.reject(app.mint(10, 0), 20);
        assertThat(app.trouble().attempts()).isEqualTo(2);

        app.fail(app.claim(1_010, 0), 1_010, Trouble.Kind.UNREACHABLE);

        assertThat(app.trouble().attempts()).isEqualTo(1);
    }

    @Test
    void mintsThatLeftTheWindowAreForgotten() {
        Rotated app = Rotated.under("newest-only", "2/10m");
        app.mint(0, 0);

        app.mint(600_000, 0);

        assertThat(app.record.spent()).containsExactly(at(600_000));
    }

    @Test
    void failureAtAnIndexShowsNothingOfTheIndexes() {
        Rotated app = Rotated.under("indexed:2");
        app.mint(0, 0);

        app.fail(app.claim(850_000, 1), 850_000, Trouble.Kind.UNREACHABLE);

        assertThat(app.record.learned()).isNull();
    }

    @Test
    void refusedIndexIsSaidAndTriedElsewhereAtOnce() {
        Rotated app = Rotated.under("indexed:2");

        app.fail(app.claim(0, 1), 0, Trouble.Kind.INDEX);

        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.INDEX);
        assertThat(app.next(0)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void refusedIndexZeroLeavesNoneAndIsAFaultOfTheConfiguration() {
        Rotated app = Rotated.under("indexed:2");

        app.fail(app.claim(0, 0), 0, Trouble.Kind.INDEX);

        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.MISCONFIGURED);
        assertThat(app.record.learned()).isNull();
        assertThat(app.next(59_999)).isEqualTo(new Step.Fail(app.trouble(), at(60_000)));
    }

    @Test
    void kindsHaveTheirWordOnScreens() {
        assertThat(Trouble.Kind.RATE_LIMITED.word()).isEqualTo("rate-limited");
    }
}
