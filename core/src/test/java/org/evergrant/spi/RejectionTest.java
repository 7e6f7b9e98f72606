package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.spi.Rotated.LIFE;
import static org.evergrant.spi.Rotated.at;

import java.time.Duration;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.Token.Standing;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a 401 tells about a token, about the retention, and about somebody else who mints. */
class RejectionTest {

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
    void secondReportOfOneTokenChangesNothing() {
        Rotated app = Rotated.under("newest-only");
        Token token = app.mint(0, 0);
        app.reject(token, 10);
        AppRecord once = app.record;

        app.reject(token, 20);

        assertThat(app.record).isEqualTo(once);
    }

    @Test
    void rejectionOfTheNewestTokenShowsNothingOfTheRetention() {
        Rotated app = Rotated.under("keep-all");
        Token token = app.mint(0, 0);

        app.reject(token, 300_000);

        assertThat(app.record.learned()).isNull();
        assertThat(app.token(1).standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void rejectionOfAnOlderTokenAfterAForcedMintChangesNothing() {
        Rotated app = Rotated.under("newest:3");
        Token first = app.mint(0, 0);
        app.reject(app.mint(850_000, 0), 860_000);
        app.mint(860_000, 0);
        AppRecord before = app.record;

        app.reject(first, 861_000);

        assertThat(app.record).isEqualTo(before);
    }

    @Test
    void rejectionOfAnOlderTokenPastItsPromiseChangesNothing() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        app.mint(850_000, 0);
        AppRecord before = app.record;

        app.reject(first, 945_000);

        assertThat(app.record).isEqualTo(before);
    }

    @Test
    void retentionIsLearnedOnce() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        Token second = app.mint(400_000, 0);
        app.mint(800_000, 0);
        app.reject(first, 801_000);
        AppRecord learned = app.record;

        app.reject(second, 802_000);

        assertThat(app.record).isEqualTo(learned);
    }

    @Test
    void rejectionDuringAForcedMintShowsNothing() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        app.reject(app.mint(850_000, 0), 860_000);
        app.claim(860_000, 0);

        app.reject(first, 860_050);

        assertThat(app.record.learned()).isNull();
    }

    @Test
    void rejectedNewestTokenIsReplacedLongBeforeItsRenewalWouldBeDue() {
        Rotated app = Rotated.under("indexed:2");
        Token first = app.mint(0, 0);
        Token second = app.mint(100_000, 1);

        app.reject(second, 200_000);

        assertThat(app.next(200_000)).isEqualTo(new Step.ServeAndRenew(first, 1, at(940_000)));
    }

    @Test
    void oneYoungRejectionIsNoTrouble() {
        Rotated app = Rotated.under("newest-only");
        Token token = app.mint(0, 0);

        app.reject(token, 10);

        assertThat(app.record.streak()).isEqualTo(1);
        assertThat(app.record.trouble()).isNull();
    }

    @Test
    void youngMeansYoungerThanTwiceTheSpacing() {
        Rotated young = Rotated.under("newest-only");
        young.reject(young.mint(0, 0), 10);
        Rotated old = Rotated.under("newest-only");
        old.reject(old.mint(0, 0), 10);

        young.reject(young.mint(10, 0), 2_009);
        old.reject(old.mint(10, 0), 2_010);

        assertThat(young.record.streak()).isEqualTo(2);
        assertThat(old.record.streak()).isEqualTo(1);
    }

    @Test
    void rivalIsSaidUntilAPlannedMint() {
        Rotated app = Rotated.under("newest-only");
        app.reject(app.mint(0, 0), 10);
        app.reject(app.mint(10, 0), 20);
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RIVAL);

        app.mint(1_010, 0);
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RIVAL);
        assertThat(app.record.streak()).isEqualTo(2);

        app.mint(942_010, 0);
        assertThat(app.record.trouble()).isNull();
        assertThat(app.record.streak()).isZero();
    }

    @Test
    void troubleOfAnotherKindEndsWithTheForcedMint() {
        Rotated app = Rotated.under("newest-only");
        app.reject(app.mint(0, 0), 300_000);
        app.fail(app.claim(300_000, 0), 300_100, Trouble.Kind.UNREACHABLE);

        app.mint(301_000, 0);

        assertThat(app.record.trouble()).isNull();
        assertThat(app.record.streak()).isEqualTo(1);
    }

    @Test
    void whatWasLearnedOutlivesATroubleThatIsNotAboutIt() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        app.mint(850_000, 0);
        app.reject(first, 851_000);
        app.fail(app.claim(1_800_000, 0), 1_800_000, Trouble.Kind.UNREACHABLE);

        assertThat(Rotation.trusted(app.record).trouble()).isEqualTo(app.trouble());
        app.mint(1_801_000, 0);

        assertThat(app.record.trouble()).isNull();
        assertThat(app.policy.rules(app.record)).isEqualTo(Retention.NEWEST_ONLY);
        assertThat(Rotation.trusted(app.record).learned()).isNull();
    }

    @Test
    void trustingTheConfigurationAgainEndsTheTroubleAboutIt() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        app.mint(850_000, 0);
        app.reject(first, 851_000);

        AppRecord trusted = Rotation.trusted(app.record);

        assertThat(trusted.trouble()).isNull();
        assertThat(trusted.learned()).isNull();
        assertThat(trusted.tokens()).isEqualTo(app.record.tokens());
    }

    @Test
    void stickyProviderThatReturnsARejectedTokenIsAskedEverLessOften() {
        Rotated app = Rotated.under("sticky:100s");
        Token token = app.publish(app.claim(0, 0), 0, "same", LIFE);
        app.reject(token, 300_000);

        app.publish(app.claim(300_000, 0), 300_100, "same", LIFE);
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RIVAL);
        assertThat(app.trouble().retryAt()).isEqualTo(at(301_100));
        assertThat(app.record.streak()).isEqualTo(2);

        app.publish(app.claim(301_100, 0), 301_200, "same", LIFE);
        assertThat(app.trouble().retryAt()).isEqualTo(at(303_200));
        assertThat(app.trouble().attempts()).isEqualTo(3);
        assertThat(app.token(1).standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void stickyProviderThatGivesTheTokenMoreLifeIsBelieved() {
        Rotated app = Rotated.under("sticky:100s");
        app.publish(app.claim(0, 0), 0, "same", LIFE);

        Token again = app.publish(app.claim(925_000, 0), 925_100, "same", LIFE);

        assertThat(again.expiresAt()).isEqualTo(at(1_925_000));
        assertThat(again.generation()).isEqualTo(1);
        assertThat(app.record.trouble()).isNull();
    }

    @Test
    void tokenThatTheProviderKeptReturningIsForgottenWithTheNextOne() {
        Rotated app = Rotated.under("sticky:100s");
        app.publish(app.claim(0, 0), 0, "same", LIFE);
        app.publish(app.claim(925_000, 0), 925_100, "same", Duration.ofSeconds(75));
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RETENTION);

        app.mint(945_000, 0);

        assertThat(app.record.trouble()).isNull();
    }

    @Test
    void olderTokenThatComesBackWithMoreLifeIsNotMintedAgainAndAgain() {
        Rotated app = Rotated.under("keep-all");
        app.publish(app.claim(0, 0), 0, "same", LIFE);
        app.mint(100_000, 0);

        app.publish(app.claim(200_000, 0), 200_100, "same", LIFE);

        assertThat(app.record.generation()).isEqualTo(2);
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RETENTION);
        assertThat(app.trouble().retryAt()).isAfter(at(200_100));
    }

    @Test
    void rejectionEndsTheWaitForAProviderThatReturnedTheTokenThereWas() {
        Rotated app = Rotated.under("sticky:100s");
        Token token = app.publish(app.claim(0, 0), 0, "same", LIFE);
        app.publish(app.claim(925_000, 0), 925_100, "same", Duration.ofSeconds(75));

        app.reject(token, 926_000);

        assertThat(app.record.trouble()).isNull();
    }

    @Test
    void rejectionLeavesWordThatTheRetentionIsAnotherOne() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        Token second = app.mint(850_000, 0);
        app.reject(first, 851_000);
        Trouble said = app.trouble();

        app.reject(second, 1_200_000);

        assertThat(said.kind()).isEqualTo(Trouble.Kind.RETENTION);
        assertThat(app.record.learned()).isNotNull();
        assertThat(app.record.trouble()).isEqualTo(said);
    }

    @Test
    void tokenMintedWhileTheStoreWasAwayBecomesTheNewest() {
        Rotated app = Rotated.under("keep-all");
        app.mint(0, 0);
        Token alone = Rotated.token(77, 0, 850_000);

        AppRecord adopted = Rotation.adopted(app.record, alone, at(860_000));

        assertThat(adopted.generation()).isEqualTo(2);
        assertThat(adopted.tokens()).hasSize(2);
        Token newest = adopted.newest().orElseThrow();
        assertThat(newest.generation()).isEqualTo(2);
        assertThat(newest.value()).isEqualTo(Secret.of("token-77"));
        assertThat(newest.expiresAt()).isEqualTo(alone.expiresAt());
        assertThat(Rotation.adopted(adopted, alone, at(860_000))).isEqualTo(adopted);
    }

    @Test
    void tokenThatIsNoLongerUsableIsNotAdopted() {
        Rotated app = Rotated.under("keep-all");
        Token alone = Rotated.token(1, 0, 0);

        assertThat(Rotation.adopted(app.record, alone, at(1_000_000))).isEqualTo(app.record);
        assertThat(Rotation.adopted(app.record, alone.as(Standing.REJECTED), at(10)))
                .isEqualTo(app.record);
    }

    @Test
    void rejectionEndsTheWaitForATokenThatCameBack() {
        Rotated app = Rotated.under("keep-all");
        Token same = app.publish(app.claim(0, 0), 0, "same", LIFE);
        app.publish(app.claim(850_000, 0), 850_100, "same", Duration.ofSeconds(150));
        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.RETENTION);

        app.reject(same, 850_200);

        assertThat(app.next(850_200)).isEqualTo(new Step.Renew(0));
    }

    @Test
    void rejectionDoesNotEndTheWaitForAProviderThatIsAway() {
        Rotated app = Rotated.under("keep-all");
        Token token = app.mint(0, 0);
        app.fail(app.claim(850_000, 0), 850_100, Trouble.Kind.UNREACHABLE);

        app.reject(token, 850_200);

        assertThat(app.trouble().kind()).isEqualTo(Trouble.Kind.UNREACHABLE);
        assertThat(app.next(850_200)).isInstanceOf(Step.Fail.class);
    }

    @Test
    void tokenMintedWhileTheStoreWasAwayIsOfNoUseBesideANewerOne() {
        Rotated app = Rotated.under("keep-all");
        app.mint(851_000, 0);
        Token alone = Rotated.token(77, 0, 850_000);

        assertThat(Rotation.adopted(app.record, alone, at(860_000))).isEqualTo(app.record);
    }

    @Test
    void tokenWhosePublicationFailedEndsItsOwnClaim() {
        Rotated app = Rotated.under("keep-all");
        Token first = app.mint(0, 0);
        app.claim(850_000, 0);
        Token alone = Rotated.token(77, 0, 850_000);

        app.record = Rotation.adopted(app.record, alone, at(860_000));

        assertThat(app.record.claim()).isNull();
        // A stricter retention that is learned later has no claim to make a doubt of.
        app.reject(first, 900_000);
        assertThat(app.record.learned()).isNotNull();
        assertThat(Rotation.settled(app.record, app.policy, at(900_000)).newest())
                .map(Token::standing)
                .contains(Standing.GOOD);
    }

    @Test
    void tokenThatWasMintedAloneEndsNobodyElsesClaim() {
        Rotated app = Rotated.under("keep-all");
        Claim other = app.claim(850_000, 0);

        assertThat(claimBeside(app.record, Rotated.token(77, 0, 849_000))).isEqualTo(other);
        assertThat(claimBeside(app.record, Rotated.token(77, 1, 850_000))).isEqualTo(other);
    }

    @Test
    void contestedClaimOutlivesTheTokenItBrought() {
        Rotated app = Rotated.under("keep-all");
        Claim contested = app.claim(850_000, 0).contest();
        AppRecord record = app.record.withClaim(contested);

        assertThat(claimBeside(record, Rotated.token(77, 0, 850_000))).isEqualTo(contested);
    }

    private static @Nullable Claim claimBeside(AppRecord record, Token alone) {
        AppRecord adopted = Rotation.adopted(record, alone, at(860_000));
        assertThat(adopted.tokens()).hasSize(1);
        return adopted.claim();
    }
}
