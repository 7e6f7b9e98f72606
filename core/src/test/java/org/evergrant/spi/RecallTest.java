package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.evergrant.spi.Rotated.at;

import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.Token.Standing;
import org.junit.jupiter.api.Test;

/** What becomes of a record of which the store lost the last writes. */
class RecallTest {
    private final Rotated app = Rotated.under("newest-only");

    @Test
    void aLostPublicationComesBackAndItsClaimIsOver() {
        app.mint(0, 0);
        Claim claim = app.claim(950_000, 0);
        AppRecord wentBackTo = app.record;
        Token second = app.publish(claim, 950_100);

        AppRecord recalled = Rotation.recalled(wentBackTo, app.record);

        assertThat(recalled).isEqualTo(app.record);
        assertThat(Rotation.next(recalled, app.policy, at(960_000)))
                .isEqualTo(new Step.Serve(second, second.promisedUntil()));
    }

    @Test
    void aLostRejectionComesBack() {
        Token token = app.mint(0, 0);
        AppRecord wentBackTo = app.record;
        app.reject(token, 300_000);

        AppRecord recalled = Rotation.recalled(wentBackTo, app.record);

        assertThat(recalled).isEqualTo(app.record);
        assertThat(recalled.newest().orElseThrow().standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void aLostDoubtComesBack() {
        app.mint(0, 0);
        Claim claim = app.claim(950_000, 0);
        AppRecord wentBackTo = app.record;
        app.doubt(claim, 950_100);

        AppRecord recalled = Rotation.recalled(wentBackTo, app.record);

        assertThat(recalled).isEqualTo(app.record);
    }

    @Test
    void aLostClaimComesBack() {
        app.mint(0, 0);
        AppRecord wentBackTo = app.record;
        Claim claim = app.claim(950_000, 0);

        assertThat(Rotation.recalled(wentBackTo, app.record).claim()).isEqualTo(claim);
    }

    @Test
    void aRecordThatVanishedComesBack() {
        app.mint(0, 0);

        assertThat(Rotation.recalled(AppRecord.EMPTY, app.record)).isEqualTo(app.record);
    }

    @Test
    void aTokenThatWasMintedSinceHolds() {
        app.mint(0, 0);
        AppRecord wentBackTo = app.record;
        app.mint(950_000, 0);
        AppRecord before = app.record;
        app.record = wentBackTo;
        app.mint(970_000, 0);

        assertThat(Rotation.recalled(app.record, before)).isEqualTo(app.record);
    }

    @Test
    void aClaimThatWasMadeSinceHolds() {
        app.mint(0, 0);
        AppRecord wentBackTo = app.record;
        Token second = app.mint(950_000, 0);
        AppRecord before = app.record;
        app.record = wentBackTo;
        Claim other = app.claim(970_000, 0, "other");

        AppRecord recalled = Rotation.recalled(app.record, before);

        assertThat(recalled.claim()).isEqualTo(other);
        assertThat(recalled.newest()).contains(second);
    }

    @Test
    void twoClaimsAtOnceAreContested() {
        app.mint(0, 0);
        AppRecord wentBackTo = app.record;
        app.claim(950_000, 0);
        AppRecord before = app.record;
        app.record = wentBackTo;
        Claim other = app.claim(951_000, 0, "other");

        assertThat(Rotation.recalled(app.record, before).claim()).isEqualTo(other.contest());
    }

    @Test
    void aDoubtSinceMakesSuspectWhatComesBack() {
        app.mint(0, 0);
        AppRecord wentBackTo = app.record;
        app.mint(950_000, 0);
        AppRecord before = app.record;
        app.record = wentBackTo;
        app.doubt(app.claim(970_000, 0, "other"), 970_100);

        AppRecord recalled = Rotation.recalled(app.record, before);

        assertThat(recalled.newest().orElseThrow().standing()).isEqualTo(Standing.SUSPECT);
        assertThat(recalled.trouble()).isEqualTo(app.record.trouble());
    }

    @Test
    void mintsThatWereSpentOnEitherSideCount() {
        Rotated spending = Rotated.under("newest-only", "5/10m");
        spending.mint(0, 0);
        AppRecord wentBackTo = spending.record;
        spending.mint(1_000, 0);
        AppRecord before = spending.record;
        spending.record = wentBackTo;
        spending.claim(2_000, 0, "other");

        assertThat(Rotation.recalled(spending.record, before).spent()).hasSize(3).isSorted();
    }

    @Test
    void aTokenThatWasMintedSinceHoldsWhereTheNodeSawNone() {
        app.claim(0, 0);
        AppRecord before = app.record;
        app.record = AppRecord.EMPTY;
        app.mint(500, 0);

        assertThat(Rotation.recalled(app.record, before)).isEqualTo(app.record);
    }

    @Test
    void aTokenOfTheSameTextMintedSinceIsAnotherOne() {
        app.publish(app.claim(0, 0), 0, "same", Rotated.LIFE);
        AppRecord before = app.record;
        app.record = AppRecord.EMPTY;
        app.publish(app.claim(970_000, 0), 970_100, "same", Rotated.LIFE);

        assertThat(Rotation.recalled(app.record, before)).isEqualTo(app.record);
    }

    @Test
    void anOlderTokenThatTheNodeHasForgottenStaysForgotten() {
        AppRecord wentBackTo = Rotated.holding(Rotated.token(1, 0, 0));
        AppRecord before = Rotated.holding(Rotated.token(2, 0, 950_000));

        assertThat(Rotation.recalled(wentBackTo, before).tokens()).isEqualTo(before.tokens());
    }

    @Test
    void aRefusalSinceHoldsAndDoubtsNothing() {
        app.mint(0, 0);
        AppRecord wentBackTo = app.record;
        app.mint(950_000, 0);
        AppRecord before = app.record;
        app.record = wentBackTo;
        app.fail(app.claim(970_000, 0, "other"), 970_100, Trouble.Kind.RATE_LIMITED);

        AppRecord recalled = Rotation.recalled(app.record, before);

        assertThat(recalled.trouble()).isEqualTo(app.trouble());
        assertThat(recalled.newest().orElseThrow().standing()).isEqualTo(Standing.GOOD);
    }

    @Test
    void whatWasLearnedAndLostComesBack() {
        Rotated looser = Rotated.under("keep-all");
        Token first = looser.mint(0, 0);
        looser.mint(850_000, 0);
        AppRecord wentBackTo = looser.record;
        looser.reject(first, 851_000);

        AppRecord recalled = Rotation.recalled(wentBackTo, looser.record);

        assertThat(recalled.learned()).isNotNull();
        assertThat(recalled).isEqualTo(looser.record);
    }

    @Test
    void theSameClaimOnBothSidesIsNotContested() {
        Token first = app.mint(0, 0);
        Claim claim = app.claim(950_000, 0);
        AppRecord wentBackTo = app.record;
        app.reject(first, 950_050);

        assertThat(Rotation.recalled(wentBackTo, app.record).claim()).isEqualTo(claim);
    }

    @Test
    void aClaimThatWasGivenBackDoesNotContestTheNextOne() {
        app.mint(0, 0);
        Claim first = app.claim(950_000, 0);
        AppRecord wentBackTo = app.record;
        app.record = Rotation.released(app.record, first);
        Claim second = app.claim(951_000, 0, "other");

        assertThat(Rotation.recalled(wentBackTo, app.record).claim()).isEqualTo(second);
    }

    @Test
    void troubleThatWasLostComesBackBesideAClaimMadeSince() {
        app.mint(0, 0);
        AppRecord wentBackTo = app.record;
        app.fail(app.claim(950_000, 0), 950_100, Trouble.Kind.UNREACHABLE);
        AppRecord before = app.record;
        app.record = wentBackTo;
        Claim other = app.claim(970_000, 0, "other");

        AppRecord recalled = Rotation.recalled(app.record, before);

        assertThat(recalled.claim()).isEqualTo(other);
        assertThat(recalled.trouble()).isEqualTo(before.trouble());
    }

    @Test
    void ofTwoTroublesTheLaterOneHolds() {
        app.mint(0, 0);
        app.fail(app.claim(950_000, 0), 950_100, Trouble.Kind.UNREACHABLE);
        AppRecord earlier = app.record;
        app.fail(app.claim(960_000, 0), 960_100, Trouble.Kind.RATE_LIMITED);
        AppRecord later = app.record;

        assertThat(Rotation.recalled(earlier, later).trouble()).isEqualTo(later.trouble());
        assertThat(Rotation.recalled(later, earlier).trouble()).isEqualTo(later.trouble());
    }

    @Test
    void troubleThatALostTokenHadEndedStaysOver() {
        app.mint(0, 0);
        app.fail(app.claim(950_000, 0), 950_100, Trouble.Kind.UNREACHABLE);
        AppRecord wentBackTo = app.record;
        app.mint(951_000, 0);

        AppRecord recalled = Rotation.recalled(wentBackTo, app.record);

        assertThat(recalled.trouble()).isNull();
        assertThat(recalled).isEqualTo(app.record);
    }

    @Test
    void aRejectionSinceHoldsForTheTokenThatWasRejected() {
        Rotated keeping = Rotated.under("keep-all");
        Token first = keeping.mint(0, 0);
        AppRecord wentBackTo = keeping.record;
        Token second = keeping.mint(950_000, 0);
        AppRecord before = keeping.record;
        keeping.record = wentBackTo;
        keeping.reject(first, 960_000);

        AppRecord recalled = Rotation.recalled(keeping.record, before);

        assertThat(recalled.tokens())
                .extracting(Token::value, Token::standing)
                .containsExactly(
                        tuple(second.value(), Standing.GOOD),
                        tuple(first.value(), Standing.REJECTED));
    }

    @Test
    void aDoubtThatTheNodeKnewMakesNothingSuspect() {
        app.mint(0, 0);
        app.doubt(app.claim(950_000, 0), 950_100);
        AppRecord doubted = app.record;
        Token next = app.mint(952_000, 0);
        AppRecord before = app.record.withTrouble(doubted.trouble());

        AppRecord recalled = Rotation.recalled(doubted, before);

        assertThat(recalled.newest()).contains(next);
    }

    @Test
    void whatWasLearnedSinceHolds() {
        app.mint(0, 0);
        AppRecord before = app.record;
        AppRecord.Learned learned =
                new AppRecord.Learned(app.policy.retention(), Retention.parse("newest:2"));

        assertThat(Rotation.recalled(before.withLearned(learned), before).learned())
                .isEqualTo(learned);
    }

    @Test
    void aKnownTokenIsNoSignOfWritesSince() {
        Token early = app.mint(0, 0);
        AppRecord wentBackTo = app.record;
        Token late =
                new Token(
                        early.generation() + 1,
                        0,
                        Secret.of("late"),
                        early.type(),
                        early.scope(),
                        early.apiUrl(),
                        early.mintedAt().minusSeconds(1),
                        early.expiresAt(),
                        early.promisedUntil(),
                        Standing.GOOD,
                        false);
        AppRecord before = wentBackTo.withNewest(late);

        assertThat(Rotation.recalled(wentBackTo, before).newest()).contains(late);
    }
}
