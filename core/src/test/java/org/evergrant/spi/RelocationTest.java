package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.spi.Rotated.at;

import java.time.Duration;
import java.util.Objects;
import org.evergrant.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelocationTest {
    private static final String THERE = "postgresql://db/tokens";
    private static final Ask NEWER = new Ask(Duration.ZERO, 1);

    @ParameterizedTest
    @ValueSource(strings = {"newest-only", "indexed:2", "newest:2", "grace:4m", "keep-all"})
    void markedRecordIsServedToTheEndOfThePromiseAndNeverMinted(String retention) {
        Rotated app = Rotated.under(retention);
        Token token = app.mint(0, 0);
        app.record = Relocation.marked(app.record, app.policy, THERE, at(1000));

        assertThat(app.next(939_000)).isEqualTo(new Step.Serve(token, token.promisedUntil()));
        assertThat(app.next(939_000, NEWER)).isInstanceOf(Step.Await.class);
        for (long ms = 940_000; ms < 10_000_000; ms += 10_000) {
            boolean spare = retention.equals("keep-all") && ms < 1_000_000;
            assertThat(app.next(ms))
                    .as("at %s", ms)
                    .isInstanceOf(spare ? Step.Serve.class : Step.Await.class);
        }
    }

    @Test
    void markedRecordIsNotMintedAfterARejection() {
        Rotated app = Rotated.under("newest-only");
        Token token = app.mint(0, 0);
        app.record = Relocation.marked(app.record, app.policy, THERE, at(1000));

        app.reject(token, 2000);

        assertThat(app.next(2000)).isInstanceOf(Step.Await.class);
    }

    @Test
    void markSaysWhereTheTokensWent() {
        AppRecord marked =
                Relocation.marked(AppRecord.EMPTY, Rotated.under("keep-all").policy, THERE, at(0));

        assertThat(Relocation.target(marked)).contains(THERE);
        assertThat(Objects.requireNonNull(marked.trouble()).detail())
                .contains(THERE, "start this node with that store");
        assertThat(Relocation.target(AppRecord.EMPTY)).isEmpty();
    }

    @Test
    void markIsNoMintToWaitFor() {
        AppRecord marked =
                Relocation.marked(AppRecord.EMPTY, Rotated.under("keep-all").policy, THERE, at(0));

        assertThat(Relocation.mintingUntil(marked, at(1000))).isEmpty();
    }

    @Test
    void recordOfWhichSomethingIsKnownIsNotEmptyAndNotMarked() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);

        assertThat(Relocation.isEmpty(AppRecord.EMPTY)).isTrue();
        assertThat(Relocation.isEmpty(app.record)).isFalse();
        assertThat(Relocation.unmarked(app.record)).isEqualTo(app.record);
    }

    @Test
    void claimAndTroubleOfARecordThatWasNeverMovedStay() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);
        app.fail(app.claim(950_000, 0), 950_100, Trouble.Kind.RATE_LIMITED);
        app.claim(1_100_000, 0);

        assertThat(app.record.claim()).isNotNull();
        assertThat(app.record.trouble()).isNotNull();
        assertThat(Relocation.unmarked(app.record)).isEqualTo(app.record);
    }

    @Test
    void movedRecordSaysTheSameOnTheOtherClock() {
        Rotated app = Rotated.under("newest-only", "10/10m");
        app.mint(0, 0);
        Claim claim = app.claim(5000, 0);
        app.fail(claim, 5100, Trouble.Kind.RATE_LIMITED);

        AppRecord moved =
                Relocation.moved(app.record, app.policy, at(6000), Duration.ofSeconds(30));

        Rotated there = Rotated.under("newest-only", "10/10m");
        there.record = moved;
        assertThat(moved.generation()).isEqualTo(app.record.generation());
        assertThat(there.token(1).promisedUntil()).isEqualTo(at(970_000));
        assertThat(there.token(1).expiresAt()).isEqualTo(at(1_030_000));
        assertThat(there.trouble().retryAt()).isEqualTo(app.trouble().retryAt().plusSeconds(30));
        assertThat(moved.spent()).hasSameSizeAs(app.record.spent());
        assertThat(there.next(36_000)).isInstanceOf(Step.Serve.class);
    }

    @Test
    void recordThatWasMarkedBeforeIsMovedAsItWas() {
        Rotated app = Rotated.under("newest-only");
        app.mint(0, 0);
        AppRecord before = app.record;
        app.record = Relocation.marked(before, app.policy, THERE, at(1000));

        assertThat(Relocation.moved(app.record, app.policy, at(9000), Duration.ZERO))
                .isEqualTo(before);
        assertThat(Relocation.unmarked(app.record)).isEqualTo(before);
    }

    @Test
    void mintUnderWayIsToBeWaitedForAndOneThatRanOutIsADoubt() {
        Rotated app = Rotated.under("newest-only");
        Token token = app.mint(0, 0);
        Claim claim = app.claim(950_000, 0);

        assertThat(Relocation.mintingUntil(app.record, at(951_000))).contains(claim.until());
        assertThat(Relocation.mintingUntil(app.record, claim.until())).isEmpty();

        AppRecord moved = Relocation.moved(app.record, app.policy, claim.until(), Duration.ZERO);
        assertThat(moved.claim()).isNull();
        assertThat(moved.newest().map(Token::standing)).contains(Token.Standing.SUSPECT);
        assertThat(moved.newest().map(Token::generation)).contains(token.generation());
    }
}
