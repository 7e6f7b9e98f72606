package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.spi.Minter.Answer;
import org.evergrant.spi.Minter.Doubtful;
import org.evergrant.spi.Minter.Minted;
import org.evergrant.spi.Minter.NotMinted;
import org.evergrant.spi.Trouble;
import org.junit.jupiter.api.Test;

class FakeMinterTest {
    private final FakeTime time = FakeTime.create();
    private final FakeMinter minter = FakeMinter.create(time);

    @Test
    void newestOnlyKillsThePreviousToken() {
        App app = app(Retention.NEWEST_ONLY);

        Secret first = mint(app, 0).value();
        Secret second = mint(app, 0).value();

        assertThat(minter.isLive(first)).isFalse();
        assertThat(minter.isLive(second)).isTrue();
        assertThat(minter.count()).isEqualTo(2);
    }

    @Test
    void anIndexKillsItsOwnTokenOnly() {
        App app = app(Retention.indexed(2));

        Secret zero = mint(app, 0).value();
        Secret one = mint(app, 1).value();
        Secret oneAgain = mint(app, 1).value();

        assertThat(minter.isLive(zero)).isTrue();
        assertThat(minter.isLive(one)).isFalse();
        assertThat(minter.isLive(oneAgain)).isTrue();
        assertThat(minter.mint(app, 2).join())
                .isInstanceOfSatisfying(
                        NotMinted.class, no -> assertThat(no.kind()).isEqualTo(Trouble.Kind.INDEX));
    }

    @Test
    void aWindowKeepsTheNewestAndGraceEndsWithTime() {
        App window = app(Retention.newest(2));
        Secret oldest = mint(window, 0).value();
        Secret middle = mint(window, 0).value();
        mint(window, 0);
        assertThat(minter.isLive(oldest)).isFalse();
        assertThat(minter.isLive(middle)).isTrue();

        App graceful = app(Retention.grace(Duration.ofMinutes(5)));
        Secret displaced = mint(graceful, 0).value();
        mint(graceful, 0);
        time.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(minter.isLive(displaced)).isTrue();
        time.advance(Duration.ofNanos(1));
        assertThat(minter.isLive(displaced)).isFalse();
    }

    @Test
    void aStickyTokenComesAgainUntilShortlyBeforeItsEnd() {
        App app = app(Retention.sticky(Duration.ofMinutes(10)));
        Minted first = mint(app, 0);

        time.advance(Duration.ofMinutes(20));
        Minted again = mint(app, 0);
        time.advance(Duration.ofMinutes(30));
        Minted next = mint(app, 0);

        assertThat(again.value()).isEqualTo(first.value());
        assertThat(again.expiresIn()).contains(Duration.ofMinutes(40));
        assertThat(next.value()).isNotEqualTo(first.value());
        assertThat(minter.isLive(first.value())).isTrue();
    }

    @Test
    void aHeldAnswerWaitsButTheMintHappened() {
        App app = app(Retention.NEWEST_ONLY);
        Secret first = mint(app, 0).value();
        minter.hold();

        CompletableFuture<Answer> held = minter.mint(app, 0);

        assertThat(held).isNotDone();
        assertThat(minter.held()).isEqualTo(1);
        assertThat(minter.isLive(first)).isFalse();
        minter.release();
        assertThat(held.join()).isInstanceOf(Minted.class);
    }

    @Test
    void aLostAnswerLeavesATokenThatNobodyKnows() {
        App app = app(Retention.NEWEST_ONLY);
        Secret first = mint(app, 0).value();
        minter.loseNext(1);

        assertThat(minter.mint(app, 0).join()).isInstanceOf(Doubtful.class);

        assertThat(minter.isLive(first)).isFalse();
    }

    @Test
    void aScriptedAnswerIsGivenOnceAndMintsNothing() {
        App app = app(Retention.NEWEST_ONLY);
        Secret first = mint(app, 0).value();
        Answer no = new NotMinted(Trouble.Kind.UNREACHABLE, "down", Optional.empty());
        minter.answerWith(no);

        assertThat(minter.mint(app, 0).join()).isEqualTo(no);

        assertThat(minter.isLive(first)).isTrue();
        assertThat(minter.mint(app, 0).join()).isInstanceOf(Minted.class);
    }

    @Test
    void aRivalKillsTokensAndIsNotCounted() {
        App app = app(Retention.NEWEST_ONLY);
        Secret ours = mint(app, 0).value();

        minter.rival(app);

        assertThat(minter.isLive(ours)).isFalse();
        assertThat(minter.count()).isEqualTo(1);
    }

    @Test
    void aTokenDiesAtTheEndOfItsLife() {
        App app = app(Retention.KEEP_ALL);
        minter.life(Duration.ofSeconds(3));
        Secret value = mint(app, 0).value();

        time.advance(Duration.ofSeconds(3));

        assertThat(minter.isLive(value)).isFalse();
    }

    private Minted mint(App app, int index) {
        return (Minted) minter.mint(app, index).join();
    }

    private static App app(Retention retention) {
        return App.builder(AppId.of(retention.toString().replace(':', '-')))
                .tokenUrl(URI.create("https://provider.example/token"))
                .clientId("client")
                .clientSecret(Secret.of("secret"))
                .retention(retention)
                .build();
    }
}
