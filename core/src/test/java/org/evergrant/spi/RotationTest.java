package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.spi.Rotated.LIFE;
import static org.evergrant.spi.Rotated.at;

import java.time.Duration;
import java.util.Optional;
import org.evergrant.Retention;
import org.evergrant.Token;
import org.evergrant.Token.Standing;
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
    void claimOfAnotherHoldsEverybodyWhereTheMintMayKill() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);

        app.claim(941_000, 0);

        assertThat(app.next(941_001)).isEqualTo(new Step.Await(at(953_000), null));
    }

    @Test
    void claimThatRanOutIsADoubtAndIsHealedByTheNextMint() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);
        app.claim(941_000, 0);

        Step step = app.next(953_000);
        Token healed = app.mint(953_000, 0);

        assertThat(step).isEqualTo(new Step.Renew(0));
        assertThat(healed.generation()).isEqualTo(2);
        assertThat(app.record.trouble()).isNull();
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
    void lateAnswerMakesTheNewestTokenSuspect() {
        Rotated app = Rotated.under("newest-only");
        Claim stalled = app.claim(0, 0, "stalled");
        Claim other = app.claim(12_000, 0, "other");
        app.publish(other, 12_100);

        app.publish(stalled, 12_200);

        assertThat(app.record.generation()).isEqualTo(1);
        assertThat(app.record.newest().orElseThrow().standing()).isEqualTo(Standing.SUSPECT);
        assertThat(app.next(12_201)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void answerLateUnderAnotherClaimContestsThatClaim() {
        Rotated app = Rotated.under("newest-only");
        Claim stalled = app.claim(0, 0, "stalled");
        Claim other = app.claim(12_000, 0, "other");

        Minter.Minted answer = Rotated.minted("stalled", LIFE);
        app.record = Rotation.published(app.record, app.policy, stalled, answer, at(12_050));
        Token token = app.publish(other, 12_100);

        assertThat(token.standing()).isEqualTo(Standing.SUSPECT);
        assertThat(app.next(12_101)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void lateAnswerWhereAMintKillsNothingIsATokenLikeAnyOther() {
        Rotated app = Rotated.under("keep-all");
        Claim stalled = app.claim(0, 0, "stalled");
        app.publish(app.claim(12_000, 0, "other"), 12_100);

        app.publish(stalled, 12_200);

        assertThat(app.record.generation()).isEqualTo(2);
        assertThat(app.record.tokens()).allMatch(token -> token.standing() == Standing.GOOD);
    }

    @Test
    void publishingTwiceIsPublishingOnce() {
        Rotated app = Rotated.under("newest-only");
        Claim claim = app.claim(0, 0);
        app.publish(claim, 100, "once", LIFE);
        AppRecord once = app.record;

        app.publish(claim, 200, "once", LIFE);

        assertThat(app.record).isEqualTo(once);
    }

    @Test
    void rejectionOfTheNewestIsAnsweredByAMintAtOnce() {
        Rotated app = Rotated.under("newest-only");
        Token token = app.mint(0, 0);

        app.reject(token, 300_000);

        assertThat(app.next(300_000)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void lateRejectionOfAnOlderTokenChangesNothing() {
        Rotated app = Rotated.under("newest-only");
        Token first = app.mint(0, 0);
        app.reject(first, 300_000);
        app.mint(300_000, 0);
        AppRecord before = app.record;

        app.reject(first, 300_500);

        assertThat(app.record).isEqualTo(before);
    }

    @Test
    void rejectedIndexIsMintedAgainWhileTheOlderTokenServes() {
        Rotated app = Rotated.under("indexed:2");
        Token first = app.mint(0, 0);
        Token second = app.mint(850_000, 1);

        app.reject(second, 900_000);

        assertThat(app.next(900_000)).isEqualTo(new Step.ServeAndRenew(first, 1, at(940_000)));
    }

    @Test
    void tokensRejectedWhileYoungSpaceTheMintsThatAnswerThem() {
        Rotated app = Rotated.under("newest-only");
        long now = 0;
        long[] spacing = new long[10];
        for (int i = 0; i < spacing.length; i++) {
            Token token = app.mint(now, 0);
            app.reject(token, now + 10);
            Step step = app.next(now + 10);
            long due =
                    step instanceof Step.Fail fail
                            ? Duration.between(at(now), fail.retryAt()).toSeconds()
                            : 0;
            spacing[i] = due;
            now += Math.max(10, due * 1000);
        }

        assertThat(spacing).containsExactly(0, 1, 2, 4, 8, 16, 32, 60, 60, 60);
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RIVAL);
    }

    @Test
    void rivalThatComesSeldomIsAnsweredAtOnceEachTime() {
        Rotated app = Rotated.under("newest-only");
        for (long now = 0; now < 700_000; now += 7_000) {
            Token token = app.mint(now, 0);
            app.reject(token, now + 7_000);

            assertThat(app.next(now + 7_000)).isEqualTo(new Step.Renew(0));
        }
    }

    @Test
    void rejectionThatTheRetentionRulesOutIsSaidAndNewestOnlyActedOn() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        app.mint(850_000, 0);

        app.reject(first, 851_000);

        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RETENTION);
        assertThat(app.policy.rules(app.record)).isEqualTo(Retention.NEWEST_ONLY);
        assertThat(Rotation.trusted(app.record).learned()).isNull();
    }

    @Test
    void rejectionDuringOurOwnPlannedMintShowsTheRetentionToo() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        Claim planned = app.claim(850_000, 0);

        app.reject(first, 850_050);
        Token second = app.publish(planned, 850_100);

        assertThat(app.policy.rules(app.record)).isEqualTo(Retention.NEWEST_ONLY);
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RETENTION);
        assertThat(((Step.Serve) app.next(850_100)).token()).isEqualTo(second);
    }

    @Test
    void rejectionDuringAMintThatMayKillTheTokenShowsNothing() {
        Rotated app = Rotated.under("indexed:2");
        Token first = app.mint(0, 0);
        Claim same = app.claim(900_000, 0);

        app.reject(first, 900_050);
        app.publish(same, 900_100);

        assertThat(app.record.learned()).isNull();
    }

    @Test
    void learnedRetentionIsVoidOnceTheConfigurationChanges() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        app.mint(850_000, 0);
        app.reject(first, 851_000);

        Rotated changed = Rotated.under("newest:3");

        assertThat(changed.policy.rules(app.record)).isEqualTo(Retention.newest(3));
    }

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
                new Minter.Minted(org.evergrant.Secret.of("x"), "bearer", "", "", Optional.empty());

        app.record = Rotation.published(app.record, app.policy, claim, unsaid, at(941_100));

        assertThat(app.record.newest().orElseThrow().life()).isEqualTo(LIFE);
    }

    @Test
    void claimGivenBackLeavesNoTrace() {
        Rotated app = Rotated.under("newest-only", "3/10m");
        AppRecord before = app.record;

        Claim claim = app.claim(0, 0);
        app.record = Rotation.released(app.record, claim);

        assertThat(app.record).isEqualTo(before);
    }
}
