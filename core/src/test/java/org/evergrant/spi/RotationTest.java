package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.spi.Rotated.LIFE;
import static org.evergrant.spi.Rotated.at;

import java.time.Duration;
import java.util.Optional;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lives of 1,000 s: the promise ends at 940 s, renewal is due between 800 and 850 s. */
class RotationTest {
    private static final String[] OVERLAPPING = {"indexed:2", "newest:2", "keep-all"};

    @ParameterizedTest
    @ValueSource(
            strings = {"newest-only", "indexed:2", "newest:2", "grace:5m", "keep-all", "sticky:5m"})
    void appWithoutATokenIsMinted(String retention) {
        Rotated app = Rotated.under(retention);

        assertThat(app.next(0)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void lifeCountsFromTheClaimAndNotFromTheAnswer() {
        Rotated app = Rotated.under("keep-all");

        Token token = app.publish(app.claim(0, 0), 900);

        assertThat(token.mintedAt()).isEqualTo(at(0));
        assertThat(token.expiresAt()).isEqualTo(at(1_000_000));
        assertThat(token.promisedUntil()).isEqualTo(at(940_000));
        assertThat(token.generation()).isEqualTo(1);
    }

    @Test
    void marginIsAtMostATenthOfTheLife() {
        Rotated app = Rotated.under("newest-only");

        Token token = app.publish(app.claim(0, 0), 10, "short", Duration.ofSeconds(3));

        assertThat(token.promisedUntil()).isEqualTo(at(2_700));
    }

    @Test
    void newestOnlyServesToTheEndOfThePromiseThenSettlesThenMints() {
        Rotated app = Rotated.under("newest-only");
        Token token = app.mint(0, 0);

        assertThat(app.next(939_999)).isEqualTo(new Step.Serve(token, at(940_000)));
        assertThat(app.next(940_000)).isEqualTo(new Step.Await(at(941_000), null));
        assertThat(app.next(940_999)).isEqualTo(new Step.Await(at(941_000), null));
        assertThat(app.next(941_000)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void settleIsAtMostHalfTheMargin() {
        Rotated app = Rotated.under("newest-only");
        app.publish(app.claim(0, 0), 10, "short", Duration.ofSeconds(3));

        assertThat(app.next(2_700)).isEqualTo(new Step.Await(at(2_850), null));
        assertThat(app.next(2_850)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void graceMintsSoLateThatTheDisplacedTokenOutlivesItsPromise() {
        Rotated app = Rotated.under("grace:50s");
        Token token = app.mint(0, 0);

        assertThat(app.next(890_999)).isEqualTo(new Step.Serve(token, at(891_000)));
        assertThat(app.next(891_000)).isEqualTo(new Step.ServeAndRenew(token, 0, at(940_000)));
    }

    @Test
    void displacedTokenUnderGraceEndsWithTheGraceCountedFromTheClaim() {
        Rotated app = Rotated.under("grace:50s");
        app.mint(0, 0);

        app.publish(app.claim(891_000, 0), 892_000);

        assertThat(app.token(1).expiresAt()).isEqualTo(at(941_000));
        assertThat(app.token(1).promisedUntil()).isEqualTo(at(940_000));
    }

    @Test
    void overlapRenewsFromFourFifthsOfTheLifeOn() {
        for (String retention : OVERLAPPING) {
            Rotated app = Rotated.under(retention);
            Token token = app.mint(0, 0);

            Step early = app.next(799_999);
            Step late = app.next(850_000);

            assertThat(early).as(retention).isInstanceOf(Step.Serve.class);
            assertThat(late).as(retention).isInstanceOf(Step.ServeAndRenew.class);
            assertThat(((Step.ServeAndRenew) late).token()).isEqualTo(token);
        }
    }

    @Test
    void serveSaysWhenTheNextStepIsDue() {
        Rotated app = Rotated.under("keep-all");
        app.mint(0, 0);

        Step.Serve serve = (Step.Serve) app.next(0);

        assertThat(serve.until()).isBetween(at(800_000), at(850_000));
        assertThat(Rotation.next(app.record, app.policy, serve.until().minusNanos(1)))
                .isInstanceOf(Step.Serve.class);
        assertThat(Rotation.next(app.record, app.policy, serve.until()))
                .isInstanceOf(Step.ServeAndRenew.class);
    }

    @Test
    void indexesTakeTurns() {
        Rotated app = Rotated.under("indexed:2");
        app.mint(0, 0);

        Step.ServeAndRenew second = (Step.ServeAndRenew) app.next(850_000);
        app.mint(850_000, second.index());
        Step.ServeAndRenew third = (Step.ServeAndRenew) app.next(1_700_000);

        assertThat(second.index()).isEqualTo(1);
        assertThat(third.index()).isEqualTo(0);
    }

    @Test
    void newTokenIsTheOneHandedOut() {
        Rotated app = Rotated.under("keep-all");
        app.mint(0, 0);

        Token second = app.mint(850_000, 0);

        assertThat(app.next(850_001)).isInstanceOf(Step.Serve.class);
        assertThat(((Step.Serve) app.next(850_001)).token()).isEqualTo(second);
    }

    @Test
    void stickyAsksAgainOnlyWhenTheProviderHandsOutANewToken() {
        Rotated app = Rotated.under("sticky:100s");
        Token token = app.mint(0, 0);

        Step.Serve serve = (Step.Serve) app.next(850_000);

        assertThat(token.promisedUntil()).isEqualTo(at(950_000));
        assertThat(serve.until()).isBetween(at(900_000), at(925_000));
        assertThat(app.next(925_000)).isInstanceOf(Step.ServeAndRenew.class);
    }

    @Test
    void sameTokenAgainIsNoNewGeneration() {
        Rotated app = Rotated.under("sticky:100s");
        app.publish(app.claim(0, 0), 0, "same", LIFE);

        app.publish(app.claim(925_000, 0), 925_100, "same", Duration.ofSeconds(75));

        assertThat(app.record.generation()).isEqualTo(1);
        assertThat(app.record.tokens()).hasSize(1);
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RETENTION);
        assertThat(app.trouble().retryAt()).isAfter(at(925_100));
    }

    @Test
    void lostAnswerMakesSuspectWhatTheMintWouldHaveKilled() {
        Rotated app = Rotated.under("newest-only");
        Token first = app.mint(0, 0);
        app.reject(first, 100_000);
        Token second = app.mint(100_000, 0);
        app.reject(second, 900_000);
        app.doubt(app.claim(900_000, 0), 900_100);

        assertThat(app.record.usable(at(900_100))).isEmpty();
        assertThat(app.next(900_100)).isInstanceOf(Step.Fail.class);
        assertThat(app.next(901_100)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void nextMintWaitsUntilOneThatWasGivenUpHasArrived() {
        Rotated app = Rotated.under("newest-only");

        app.doubt(app.claim(0, 0), 100);

        assertThat(app.next(1_099)).isInstanceOf(Step.Fail.class);
        assertThat(((Step.Fail) app.next(1_099)).retryAt()).isEqualTo(at(1_100));
        assertThat(app.next(1_100)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void mintThatWasGivenUpCountsInTheBudgetFromWhenItMayHaveArrived() {
        Rotated app = Rotated.under("newest-only", "1/10s");

        app.doubt(app.claim(0, 0), 100);

        assertThat(((Step.Fail) app.next(11_099)).retryAt()).isEqualTo(at(11_100));
        assertThat(app.next(11_100)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void lostAnswerUnderIndexesLeavesTheOtherIndexAlone() {
        Rotated app = Rotated.under("indexed:2");
        Token first = app.mint(0, 0);

        app.doubt(app.claim(850_000, 1), 850_100);

        assertThat(app.next(850_101)).isInstanceOf(Step.Serve.class);
        assertThat(((Step.Serve) app.next(850_101)).token()).isEqualTo(first);
        assertThat(((Step.ServeAndRenew) app.next(851_100)).index()).isEqualTo(1);
    }

    @Test
    void lostAnswerTakesAPlaceInAWindow() {
        Rotated app = Rotated.under("newest:2");
        Token first = app.mint(0, 0);

        app.doubt(app.claim(850_000, 0), 850_100);

        // The unseen token may be live, so one more mint may push the first one out.
        assertThat(app.next(900_000)).isEqualTo(new Step.Serve(first, at(940_000)));
        assertThat(app.next(940_500)).isEqualTo(new Step.Await(at(941_000), null));
        assertThat(app.next(941_000)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void lostAnswersOfTwoMintsTakeTwoPlacesInAWindow() {
        Rotated app = Rotated.under("newest:3");
        Token first = app.mint(0, 0);

        app.doubt(app.claim(850_000, 0), 850_100);
        app.doubt(app.claim(860_000, 0), 860_100);

        assertThat(app.record.tokens())
                .extracting(Token::mintedAt)
                .containsExactly(at(860_000), at(850_000), first.mintedAt());
    }

    @Test
    void tokenWithoutAPromiseIsHandedOutBesideAMintUntilTheNextOneMayKillIt() {
        Rotated app = Rotated.under("newest:2");
        Token first = app.mint(0, 0);

        Claim claim = app.claim(945_000, 0);

        // It may end in doubt at once; the mint after the settle would push the token out.
        assertThat(app.next(945_999)).isEqualTo(new Step.Serve(first, at(946_000)));
        assertThat(app.next(946_000)).isEqualTo(new Step.Await(claim.until(), null));
    }

    @Test
    void tokenWithoutAPromiseIsHandedOutBesideAMintToItsEndWhereNoMintKills() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);

        Claim claim = app.claim(945_000, 0);

        assertThat(app.next(946_000)).isEqualTo(new Step.Serve(first, claim.until()));
        app.claim(990_000, 0);
        assertThat(app.next(995_000)).isEqualTo(new Step.Serve(first, at(1_000_000)));
    }

    @Test
    void askForMoreLifeThanThereIsMintsWhereThatBreaksNothing() {
        Rotated app = Rotated.under("keep-all");
        app.mint(0, 0);
        Ask ask = Ask.minLife(Duration.ofMinutes(10));

        assertThat(app.next(100_000, ask)).isInstanceOf(Step.Serve.class);
        assertThat(app.next(400_000, ask)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void askForMoreLifeThanTheProviderGivesDoesNotMintForEachAsk() {
        Rotated app = Rotated.under("keep-all");
        app.mint(0, 0);
        Ask ask = Ask.minLife(Duration.ofDays(1));

        assertThat(app.next(100_000, ask)).isInstanceOf(Step.Serve.class);
    }

    @Test
    void askForMoreLifeWaitsForThePromiseWhereTheMintWouldBreakIt() {
        Rotated app = Rotated.under("newest-only");
        Token token = app.mint(0, 0);
        Ask ask = Ask.minLife(Duration.ofMinutes(10));

        assertThat(app.next(900_000, ask)).isEqualTo(new Step.Await(at(941_000), token));
    }

    @Test
    void missingExpiryIsTakenFromTheLastLifeSaid() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);
        Claim claim = app.claim(941_000, 0);
        Minter.Minted unsaid =
                new Minter.Minted(Secret.of("x"), "bearer", "", "", Optional.empty());

        app.record = Rotation.published(app.record, app.policy, claim, unsaid, at(941_100));

        assertThat(app.record.newest().orElseThrow().life()).isEqualTo(LIFE);
    }

    @Test
    void stickyMintsNothingForAnAskBeforeTheProviderHandsOutAnother() {
        Rotated app = Rotated.under("sticky:100s");
        Token token = app.mint(0, 0);

        assertThat(app.next(300_000, Ask.minLife(LIFE)))
                .isEqualTo(new Step.Await(at(901_000), token));
        assertThat(app.next(300_000, Ask.newerThan(1)))
                .isEqualTo(new Step.Await(at(901_000), null));
        assertThat(app.next(901_000, Ask.newerThan(1))).isEqualTo(new Step.Renew(0));
    }

    @Test
    void tokenThatComesBackIsNotMintedAgainForTheSameAsk() {
        Rotated app = Rotated.under("keep-all");
        app.publish(app.claim(0, 0), 0, "same", LIFE);

        app.publish(app.claim(100_000, 0), 100_100, "same", LIFE.minusSeconds(100));

        assertThat(app.next(100_200, Ask.newerThan(1))).isInstanceOf(Step.Fail.class);
        assertThat(app.next(100_200)).isInstanceOf(Step.Serve.class);
    }

    @Test
    void mintIsSafeOnceNothingSpeaksAgainstIt() {
        Rotated app = Rotated.under("newest-only");
        assertThat(Rotation.mintFrom(app.record, app.policy, at(0))).isEqualTo(at(0));
        app.mint(0, 0);
        assertThat(Rotation.mintFrom(app.record, app.policy, at(1))).isEqualTo(at(941_000));

        Claim claim = app.claim(941_000, 0);
        assertThat(Rotation.mintFrom(app.record, app.policy, at(941_001))).isEqualTo(at(953_000));

        app.fail(claim, 941_100, Trouble.Kind.MISCONFIGURED);
        assertThat(Rotation.mintFrom(app.record, app.policy, at(941_200))).isEqualTo(at(1_001_100));
    }
}
