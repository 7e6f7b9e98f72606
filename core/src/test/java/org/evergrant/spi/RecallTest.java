package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.spi.Rotated.at;

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
}
