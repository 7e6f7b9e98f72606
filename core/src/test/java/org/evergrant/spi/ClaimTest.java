package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.spi.Rotated.LIFE;
import static org.evergrant.spi.Rotated.at;

import java.util.Objects;
import org.evergrant.Token;
import org.evergrant.Token.Standing;
import org.junit.jupiter.api.Test;

/** Who waits for a mint that is under way, and whose answer counts. */
class ClaimTest {

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
        app.claim(12_000, 0, "other");

        app.publish(stalled, 12_200);

        assertThat(app.record.generation()).isEqualTo(1);
        assertThat(app.record.tokens()).allMatch(token -> token.standing() == Standing.GOOD);
    }

    /** It would expire earlier, and be the dead one where the retention is not as configured. */
    @Test
    void lateAnswerIsNotPutInFrontOfANewerToken() {
        Rotated app = Rotated.under("keep-all");
        Claim stalled = app.claim(0, 0, "stalled");
        app.publish(app.claim(12_000, 0, "other"), 12_100);
        AppRecord before = app.record;

        Minter.Minted answer = Rotated.minted("stalled", LIFE);
        app.record = Rotation.published(app.record, app.policy, stalled, answer, at(12_200));

        assertThat(app.record).isEqualTo(before);
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
    void claimGivenBackLeavesNoTrace() {
        Rotated app = Rotated.under("newest-only", "3/10m");
        AppRecord before = app.record;

        Claim claim = app.claim(0, 0);
        app.record = Rotation.released(app.record, claim);

        assertThat(app.record).isEqualTo(before);
    }

    @Test
    void callersOfAColdAppWaitForTheMintUnderWay() {
        Rotated app = Rotated.under("newest-only");

        app.claim(0, 0);

        assertThat(app.next(1)).isEqualTo(new Step.Await(at(12_000), null));
    }

    @Test
    void promisedTokenIsServedDuringAMint() {
        Rotated app = Rotated.under("keep-all");
        Token token = app.mint(0, 0);

        app.claim(850_000, 0);

        assertThat(app.next(850_001)).isEqualTo(new Step.Serve(token, at(940_000)));
    }

    @Test
    void callerWhoNeedsAnotherTokenWaitsForTheMintUnderWay() {
        Rotated app = Rotated.under("keep-all");
        Token token = app.mint(0, 0);

        app.claim(850_000, 0);

        assertThat(app.next(850_001, Ask.newerThan(1)))
                .isEqualTo(new Step.Await(at(862_000), null));
        assertThat(app.next(850_001, Ask.minLife(LIFE)))
                .isEqualTo(new Step.Await(at(862_000), token));
    }

    @Test
    void pastThePromiseATokenThatTheMintSparesIsServedMeanwhile() {
        Rotated app = Rotated.under("keep-all");
        Token token = app.mint(0, 0);
        Rotated later = Rotated.under("keep-all");
        Token same = later.mint(0, 0);

        app.claim(945_000, 0);
        later.claim(995_000, 0);

        assertThat(app.next(945_001)).isEqualTo(new Step.Serve(token, at(957_000)));
        assertThat(later.next(995_001)).isEqualTo(new Step.Serve(same, at(1_000_000)));
    }

    @Test
    void claimIsKnownByItsNodeItsInstantAndItsIndex() {
        Claim claim = new Claim("node", 1, at(0), at(12_000), false, false);

        assertThat(claim.isSame(claim.contest())).isTrue();
        assertThat(claim.contest().contested()).isTrue();
        assertThat(claim.isSame(new Claim("other", 1, at(0), at(12_000), false, false))).isFalse();
        assertThat(claim.isSame(new Claim("node", 0, at(0), at(12_000), false, false))).isFalse();
        assertThat(claim.isSame(new Claim("node", 1, at(1), at(12_000), false, false))).isFalse();
    }

    @Test
    void refusalAfterTheClaimWasTakenOverChangesNothing() {
        Rotated app = Rotated.under("newest-only", "3/10m");
        Claim stalled = app.claim(0, 0, "stalled");
        app.claim(12_000, 0, "other");
        AppRecord before = app.record;

        app.fail(stalled, 12_050, Trouble.Kind.UNREACHABLE);

        assertThat(app.record).isEqualTo(before);
        assertThat(Rotation.released(before, stalled)).isEqualTo(before);
    }

    @Test
    void refusalThatTheRecordHasSeenChangesNothing() {
        Rotated app = Rotated.under("newest-only");
        Claim claim = app.claim(0, 0);
        app.fail(claim, 100, Trouble.Kind.UNREACHABLE);
        AppRecord once = app.record;

        app.fail(claim, 200, Trouble.Kind.UNREACHABLE);

        assertThat(app.record).isEqualTo(once);
    }

    @Test
    void answerAfterTheClaimWasTakenOverPublishesNothingAndContestsTheOther() {
        Rotated app = Rotated.under("newest-only");
        Claim stalled = app.claim(0, 0, "stalled");
        Claim other = app.claim(12_000, 0, "other");

        Minter.Minted answer = Rotated.minted("stalled", LIFE);
        app.record = Rotation.published(app.record, app.policy, stalled, answer, at(12_050));

        assertThat(app.record.generation()).isZero();
        assertThat(app.record.claim()).isEqualTo(other.contest());
    }

    @Test
    void doubtAfterTheClaimWasTakenOverContestsTheOther() {
        Rotated app = Rotated.under("newest-only");
        Claim stalled = app.claim(0, 0, "stalled");
        Claim other = app.claim(12_000, 0, "other");
        Trouble before = app.trouble();

        app.doubt(stalled, 12_050);

        assertThat(app.record.claim()).isEqualTo(other.contest());
        assertThat(app.trouble()).isEqualTo(Pacing.notBefore(at(13_050), before));
    }

    @Test
    void mintWaitsForOneThatWasSentBeyondItsClaimAndMayStillArrive() {
        Rotated app = Rotated.under("newest-only");
        Claim stalled = app.claim(0, 0, "stalled");
        app.publish(app.claim(12_000, 0, "other"), 12_100);

        app.doubt(stalled, 20_000);
        AppRecord once = app.record;
        app.doubt(stalled, 20_000);

        assertThat(app.record).isEqualTo(once);
        assertThat(app.next(20_999)).isEqualTo(new Step.Fail(app.trouble(), at(21_000)));
        assertThat(app.next(21_000)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void lateDoubtIsTheTroubleWhateverWasBefore() {
        Rotated app = Rotated.under("newest-only");
        Claim stalled = app.claim(0, 0, "stalled");
        app.fail(app.claim(12_000, 0, "other"), 12_100, Trouble.Kind.UNREACHABLE);
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.UNREACHABLE);

        app.doubt(stalled, 20_000);

        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.DOUBT);
        assertThat(app.trouble().retryAt()).isEqualTo(at(21_000));
    }

    @Test
    void mintWaitsForItWhateverBecameOfTheOneUnderWay() {
        Rotated app = Rotated.under("newest-only");
        Claim stalled = app.claim(0, 0, "stalled");
        Claim other = app.claim(12_000, 0, "other");
        app.doubt(stalled, 12_050);
        AppRecord contested = app.record;

        app.publish(other, 12_100);
        assertThat(app.next(13_049)).isEqualTo(new Step.Fail(app.trouble(), at(13_050)));
        assertThat(app.next(13_050)).isEqualTo(new Step.Renew(0));

        app.record = contested;
        app.fail(other, 12_100, Trouble.Kind.UNREACHABLE);
        assertThat(app.next(13_049)).isEqualTo(new Step.Fail(app.trouble(), at(13_050)));

        app.record = contested;
        app.doubt(stalled, 23_500);
        assertThat(((Step.Fail) app.next(24_100)).retryAt()).isEqualTo(at(24_500));
    }

    @Test
    void nobodyWaitsForAMintThatKillsNothing() {
        Rotated app = Rotated.under("keep-all");
        Claim stalled = app.claim(0, 0, "stalled");
        app.publish(app.claim(12_000, 0, "other"), 12_100);
        AppRecord before = app.record;

        app.doubt(stalled, 20_000);

        assertThat(app.record).isEqualTo(before);
    }

    @Test
    void claimGivenBackLeavesTheEarlierMintsCounted() {
        Rotated app = Rotated.under("newest-only", "3/1d");
        app.mint(0, 0);

        Claim claim = app.claim(941_000, 0);
        app.record = Rotation.released(app.record, claim);

        assertThat(app.record.spent()).containsExactly(at(0));
    }

    @Test
    void withoutABudgetNoMintIsCounted() {
        Rotated app = Rotated.under("newest-only");

        Claim claim = app.claim(0, 0);
        assertThat(app.record.spent()).isEmpty();
        app.publish(claim, 100);
        assertThat(app.record.spent()).isEmpty();
        app.doubt(app.claim(941_000, 0), 941_100);
        assertThat(app.record.spent()).isEmpty();
    }

    @Test
    void claimRemembersWhetherItAnswersARejection() {
        Rotated app = Rotated.under("newest-only");
        Token token = app.mint(0, 0);

        app.reject(token, 10);

        assertThat(Rotation.isForced(app.record, at(999_999))).isTrue();
        assertThat(Rotation.isForced(app.record, at(1_000_000))).isFalse();
        assertThat(app.claim(10, 0).forced()).isTrue();
        assertThat(Objects.requireNonNull(app.record.claim()).contested()).isFalse();
    }

    @Test
    void mintAfterADoubtIsPlannedAndNotForced() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);

        app.doubt(app.claim(941_000, 0), 941_100);

        assertThat(Rotation.isForced(app.record, at(941_100))).isFalse();
    }

    @Test
    void answerThatCameBeforeTheNextClaimAndIsWrittenAfterItDoubtsNothing() {
        Rotated app = Rotated.under("newest-only");
        Claim unheard = app.claim(0, 0, "unheard");
        Claim other = app.claim(12_000, 0, "other");
        Minter.Minted answer = Rotated.minted("unheard", LIFE);

        AppRecord meanwhile =
                Rotation.published(app.record, app.policy, unheard, answer, at(10_000));
        app.publish(other, 12_100);
        app.doubt(unheard, 10_000);

        assertThat(meanwhile.claim()).isEqualTo(other);
        assertThat(app.record.newest().orElseThrow().standing()).isEqualTo(Standing.GOOD);
        assertThat(app.record.trouble()).isNull();
    }

    @Test
    void doubtThatMayHaveArrivedAfterTheNextClaimContestsIt() {
        Rotated app = Rotated.under("newest-only");
        Claim stalled = app.claim(0, 0, "stalled");
        Claim other = app.claim(12_000, 0, "other");

        app.doubt(stalled, 11_001);

        assertThat(app.record.claim()).isEqualTo(other.contest());
    }

    @Test
    void doubtThatIsWrittenTwiceIsOneDoubt() {
        Rotated app = Rotated.under("newest:3");
        app.mint(0, 0);
        app.doubt(app.claim(850_000, 0), 850_100);
        Claim claim = app.claim(852_000, 0);
        app.doubt(claim, 852_100);
        AppRecord once = app.record;

        app.doubt(claim, 852_100);

        assertThat(app.record).isEqualTo(once);
        assertThat(app.record.newest().orElseThrow().standing()).isEqualTo(Standing.GOOD);
    }

    @Test
    void mintThatWasSentBeyondItsClaimMayBeTheNewestOfItsWindow() {
        Rotated app = Rotated.under("newest:2");
        Claim stalled = app.claim(0, 0, "stalled");
        Token token = app.mint(12_000, 0);

        Minter.Minted answer = Rotated.minted("stalled", LIFE);
        app.record = Rotation.published(app.record, app.policy, stalled, answer, at(13_000));

        assertThat(app.record.tokens()).hasSize(2);
        assertThat(app.record.tokens().get(0).expiresAt()).isEqualTo(at(14_000).plus(LIFE));
        assertThat(app.record.tokens().get(1)).isEqualTo(token);
        assertThat(Rotation.displacedBy(app.record, app.policy, 0, at(13_000)))
                .containsExactly(token);
    }
}
