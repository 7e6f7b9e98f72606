package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.spi.Rotated.at;
import static org.evergrant.spi.Rotated.holding;
import static org.evergrant.spi.Rotated.token;

import org.evergrant.Retention;
import org.evergrant.Token;
import org.evergrant.Token.Standing;
import org.junit.jupiter.api.Test;

/** Which tokens a mint kills, and what is thought of them while nobody knows. */
class DisplacementTest {

    @Test
    void mintAtAnIndexSparesTheOthers() {
        Token other = token(1, 0, 0);
        Token same = token(2, 1, 100_000);
        AppRecord record = holding(same, other);

        assertThat(Displacement.of(record, Retention.indexed(2), 1, at(200_000)))
                .containsExactly(same);
    }

    @Test
    void withoutIndexesATokenOfAnyIndexIsDisplaced() {
        Token indexed = token(1, 1, 0);

        assertThat(Displacement.of(holding(indexed), Retention.NEWEST_ONLY, 0, at(10)))
                .containsExactly(indexed);
    }

    @Test
    void expiredTokenTakesNoPlaceInTheWindow() {
        Token brief = token(3, 0, 0).until(at(50_000), at(40_000));
        Token middle = token(2, 0, 0);
        Token oldest = token(1, 0, 0);
        AppRecord record = holding(brief, middle, oldest);

        assertThat(Displacement.of(record, Retention.newest(2), 0, at(50_000)))
                .containsExactly(oldest);
        assertThat(Displacement.of(record, Retention.newest(2), 0, at(49_999)))
                .containsExactly(middle, oldest);
    }

    @Test
    void expiredTokensLeaveTheRecordWithTheNextMint() {
        Rotated app = Rotated.under("keep-all");
        app.mint(0, 0);

        app.mint(1_000_000, 0);

        assertThat(app.record.tokens()).hasSize(1);
    }

    @Test
    void recordsStaySmallHoweverManyTokensLive() {
        Rotated app = Rotated.under("keep-all");

        for (int i = 0; i < Retention.MOST + 10; i++) {
            app.mint(i, 0);
        }

        // The newest, and as many others as the widest window counts and one more.
        assertThat(app.record.tokens()).hasSize(Retention.MOST + 2);
        assertThat(app.record.newest().orElseThrow().generation()).isEqualTo(Retention.MOST + 10);
    }

    @Test
    void onlyAWindowIsTakenUpByATokenNobodyHasSeen() {
        for (String retention : new String[] {"newest-only", "keep-all", "indexed:2"}) {
            Rotated app = Rotated.under(retention);
            app.mint(0, 0);
            app.doubt(app.claim(850_000, 0), 850_100);
            assertThat(app.record.tokens()).as(retention).hasSize(1);
        }
        Rotated app = Rotated.under("newest:2");
        Token seen = app.mint(0, 0);

        app.doubt(app.claim(850_000, 0), 850_100);

        assertThat(app.record.tokens()).hasSize(2);
        assertThat(app.record.newest()).contains(seen);
    }

    @Test
    void tokenNobodyHasSeenLivesAsLongAsItsMintCanHaveMadeIt() {
        Rotated first = Rotated.under("newest:2");
        Rotated later = Rotated.under("newest:2");
        later.mint(0, 0);

        first.doubt(first.claim(0, 0), 100);
        later.doubt(later.claim(850_000, 0), 850_100);

        // The mint arrives before its claim runs out; before any token the life is the usual one.
        assertThat(first.record.tokens().get(0).expiresAt()).isEqualTo(at(12_000 + 300_000));
        assertThat(later.record.tokens().get(0).expiresAt()).isEqualTo(at(862_000 + 1_000_000));
    }

    @Test
    void doubtLeavesARejectedTokenRejected() {
        Rotated app = Rotated.under("newest-only");
        app.reject(app.mint(0, 0), 300_000);

        app.doubt(app.claim(300_000, 0), 300_100);

        assertThat(app.token(1).standing()).isEqualTo(Standing.REJECTED);
    }

    @Test
    void doubtUnderGraceMakesSuspectOnlyWhereTheGraceEndsBeforeThePromise() {
        Rotated early = Rotated.under("grace:50s");
        early.mint(0, 0);
        Rotated late = Rotated.under("grace:50s");
        late.mint(0, 0);

        early.doubt(early.claim(889_999, 0), 889_999);
        late.doubt(late.claim(890_000, 0), 890_000);

        assertThat(early.token(1).standing()).isEqualTo(Standing.SUSPECT);
        assertThat(late.token(1).standing()).isEqualTo(Standing.GOOD);
        assertThat(late.token(1).expiresAt()).isEqualTo(at(940_000));
        assertThat(late.token(1).promisedUntil()).isEqualTo(at(940_000));
    }

    @Test
    void doubtPastThePromiseMakesSuspectWhereThereIsNoGrace() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);

        app.doubt(app.claim(941_000, 0), 941_100);

        assertThat(app.token(1).standing()).isEqualTo(Standing.SUSPECT);
        assertThat(app.token(1).expiresAt()).isEqualTo(at(1_000_000));
    }
}
