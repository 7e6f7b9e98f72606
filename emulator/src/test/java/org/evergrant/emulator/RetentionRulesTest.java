package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.emulator.Verdict.DISPLACED;
import static org.evergrant.emulator.Verdict.EXPIRED;
import static org.evergrant.emulator.Verdict.LIVE;
import static org.evergrant.emulator.Verdict.REVOKED;
import static org.evergrant.emulator.Verdict.UNKNOWN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mint does to earlier tokens, rule by rule. */
final class RetentionRulesTest {
    private static final Duration MOMENT = Duration.ofMillis(1);

    @Test
    void newestOnlyKillsThePreviousAtOnce() {
        Desk desk = new Desk("newest-only");
        String first = desk.mint();
        assertThat(desk.verdict(first)).isEqualTo(LIVE);

        String second = desk.mint();

        assertThat(desk.verdict(first)).isEqualTo(DISPLACED);
        assertThat(desk.verdict(second)).isEqualTo(LIVE);
    }

    @Test
    void newestOnlyIgnoresTheIndex() {
        Desk desk = new Desk("newest-only");
        String first = desk.mint(0);

        desk.mint(1);

        assertThat(desk.verdict(first)).isEqualTo(DISPLACED);
        assertThat(desk.state().live()).extracting(LiveToken::index).containsExactly(0);
    }

    @Test
    void indexedKillsOnlyThePreviousOfTheSameIndex() {
        Desk desk = new Desk("indexed:2");
        String zero = desk.mint(0);
        String one = desk.mint(1);
        assertThat(desk.verdict(zero)).isEqualTo(LIVE);

        String zeroAgain = desk.mint(0);

        assertThat(desk.verdict(zero)).isEqualTo(DISPLACED);
        assertThat(desk.verdict(one)).isEqualTo(LIVE);
        assertThat(desk.verdict(zeroAgain)).isEqualTo(LIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3", "-1", "x", "99999999999", "1.0"})
    void indexedRefusesAnIndexBeyondTheTolerance(String index) {
        Desk desk = new Desk("indexed:2");
        String zero = desk.mint(0);

        assertThat(desk.provider.admit(request(index))).isEqualTo(Refusal.INDEX_OUT_OF_RANGE);
        assertThat(desk.verdict(zero)).isEqualTo(LIVE);
        assertThat(desk.state().refusedMints()).isEqualTo(1);
    }

    @Test
    void indexedTakesNoIndexForZero() {
        Desk desk = new Desk("indexed:2");

        assertThat(desk.provider.admit(request(null))).isEqualTo(granted(desk, 0));
        assertThat(desk.provider.admit(request(""))).isEqualTo(granted(desk, 0));
        assertThat(desk.provider.admit(request("1"))).isEqualTo(granted(desk, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"newest-only", "newest:2", "grace:1s", "keep-all", "sticky:1s"})
    void otherRulesIgnoreWhateverIndex(String retention) {
        Desk desk = new Desk(retention);

        assertThat(desk.provider.admit(request("7"))).isEqualTo(granted(desk, 0));
        assertThat(desk.provider.admit(request("x"))).isEqualTo(granted(desk, 0));
    }

    @Test
    void loweredToleranceKillsTheIndexesBeyond() {
        Desk desk = new Desk("indexed:3");
        String zero = desk.mint(0);
        String one = desk.mint(1);
        String two = desk.mint(2);

        desk.retention("indexed:2");

        assertThat(desk.verdict(zero)).isEqualTo(LIVE);
        assertThat(desk.verdict(one)).isEqualTo(LIVE);
        assertThat(desk.verdict(two)).isEqualTo(DISPLACED);
    }

    @Test
    void newestKillsTheOldestOfTooMany() {
        Desk desk = new Desk("newest:3");
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tokens.add(desk.mint());
        }
        assertThat(tokens).allMatch(token -> desk.verdict(token) == LIVE);

        String fourth = desk.mint();

        assertThat(desk.verdict(tokens.get(0))).isEqualTo(DISPLACED);
        assertThat(desk.verdict(tokens.get(1))).isEqualTo(LIVE);
        assertThat(desk.verdict(tokens.get(2))).isEqualTo(LIVE);
        assertThat(desk.verdict(fourth)).isEqualTo(LIVE);
    }

    @Test
    void newestDoesNotCountTokensThatAreDeadAnyway() {
        Desk desk = new Desk("newest:2");
        String first = desk.mint();
        String second = desk.mint();
        desk.provider.revoke(desk.app, second, desk.clock.instant());

        desk.mint();

        assertThat(desk.verdict(first)).isEqualTo(LIVE);
        assertThat(desk.verdict(second)).isEqualTo(REVOKED);
    }

    @Test
    void newestDoesNotCountALaterTokenThatExpiredEarlier() {
        Desk desk = new Desk("newest:2");
        String first = desk.mint();
        desk.provider.configure(
                desk.app, app -> app.lifetime(Duration.ofSeconds(1)), desk.clock.instant());
        String brief = desk.mint();
        desk.pass(Duration.ofSeconds(1));

        desk.mint();

        assertThat(desk.verdict(brief)).isEqualTo(EXPIRED);
        assertThat(desk.verdict(first)).isEqualTo(LIVE);
    }

    @Test
    void graceLetsThePreviousLiveOnForIt() {
        Desk desk = new Desk("grace:10s");
        String first = desk.mint();
        String second = desk.mint();

        desk.pass(Duration.ofSeconds(10).minus(MOMENT));
        assertThat(desk.verdict(first)).isEqualTo(LIVE);
        desk.pass(MOMENT);

        assertThat(desk.verdict(first)).isEqualTo(DISPLACED);
        assertThat(desk.verdict(second)).isEqualTo(LIVE);
    }

    @Test
    void gracesOverlapAndNoneIsExtended() {
        Desk desk = new Desk("grace:10s");
        String first = desk.mint();
        String second = desk.mint();
        desk.pass(Duration.ofSeconds(6));
        String third = desk.mint();
        assertThat(List.of(first, second, third)).allMatch(token -> desk.verdict(token) == LIVE);

        desk.pass(Duration.ofSeconds(4));
        assertThat(desk.verdict(first)).isEqualTo(DISPLACED);
        assertThat(desk.verdict(second)).isEqualTo(LIVE);
        desk.pass(Duration.ofSeconds(6));

        assertThat(desk.verdict(second)).isEqualTo(DISPLACED);
        assertThat(desk.verdict(third)).isEqualTo(LIVE);
    }

    @Test
    void graceIsNoLongerThanTheLifeThatIsLeft() {
        Desk desk = new Desk("grace:10s");
        String first = desk.mint();
        desk.pass(Desk.LIFETIME.minus(Duration.ofSeconds(3)));
        desk.mint();

        desk.pass(Duration.ofSeconds(3));

        assertThat(desk.verdict(first)).isEqualTo(EXPIRED);
    }

    @Test
    void keepAllKillsNothing() {
        Desk desk = new Desk("keep-all");
        List<String> tokens = new ArrayList<>();

        for (int i = 0; i < 500; i++) {
            tokens.add(desk.mint());
        }

        assertThat(tokens).doesNotHaveDuplicates().allMatch(token -> desk.verdict(token) == LIVE);
        assertThat(desk.state().liveTotal()).isEqualTo(500);
        desk.pass(Desk.LIFETIME);
        assertThat(tokens).allMatch(token -> desk.verdict(token) == EXPIRED);
        assertThat(desk.state().liveTotal()).isZero();
    }

    @Test
    void stickyReturnsTheSameTokenUntilThatLongBeforeItExpires() {
        Desk desk = new Desk("sticky:30s");
        String first = desk.mint();
        desk.pass(Duration.ofSeconds(70).minus(MOMENT));
        MintOutcome.Minted same = desk.minted(0);
        assertThat(same.text()).isEqualTo(first);
        assertThat(same.left()).isEqualTo(Duration.ofSeconds(30).plus(MOMENT));

        desk.pass(MOMENT);
        String second = desk.mint();

        assertThat(second).isNotEqualTo(first);
        assertThat(desk.verdict(first)).isEqualTo(LIVE);
        assertThat(desk.verdict(second)).isEqualTo(LIVE);
        assertThat(desk.mint()).isEqualTo(second);
    }

    @Test
    void stickyCountsEveryAnswerAndEveryToken() {
        Desk desk = new Desk("sticky:30s");

        desk.mint();
        desk.mint();
        desk.mint();

        assertThat(desk.state().mints()).isEqualTo(3);
        assertThat(desk.state().distinctTokens()).isEqualTo(1);
        assertThat(desk.app.mintLog()).extracting(MintRecord::number).containsExactly(1L, 1L, 1L);
    }

    @Test
    void stickyDoesNotReturnARevokedToken() {
        Desk desk = new Desk("sticky:30s");
        String first = desk.mint();
        desk.provider.revoke(desk.app, first, desk.clock.instant());

        String second = desk.mint();

        assertThat(second).isNotEqualTo(first);
        assertThat(desk.verdict(first)).isEqualTo(REVOKED);
    }

    @Test
    void tokenDisplacedBeforeItsEndStaysDisplacedAfterIt() {
        Desk desk = new Desk("newest-only");
        String first = desk.mint();
        desk.mint();

        desk.pass(Desk.LIFETIME.plus(Desk.LIFETIME));

        assertThat(desk.verdict(first)).isEqualTo(DISPLACED);
    }

    @Test
    void tokenThatExpiredBeforeTheNextMintIsExpiredNotDisplaced() {
        Desk desk = new Desk("newest-only");
        String first = desk.mint();
        desk.pass(Desk.LIFETIME);

        desk.mint();

        assertThat(desk.verdict(first)).isEqualTo(EXPIRED);
    }

    @Test
    void tokenExpiresExactlyAtTheEndOfItsLife() {
        Desk desk = new Desk("keep-all");
        String token = desk.mint();

        desk.pass(Desk.LIFETIME.minus(MOMENT));
        assertThat(desk.verdict(token)).isEqualTo(LIVE);
        desk.pass(MOMENT);

        assertThat(desk.verdict(token)).isEqualTo(EXPIRED);
    }

    @Test
    void changeOfTheRuleKillsNothingUntilTheNextMint() {
        Desk desk = new Desk("keep-all");
        List<String> tokens = List.of(desk.mint(), desk.mint(), desk.mint());

        desk.retention("newest-only");
        assertThat(tokens).allMatch(token -> desk.verdict(token) == LIVE);
        String last = desk.mint();

        assertThat(tokens).allMatch(token -> desk.verdict(token) == DISPLACED);
        assertThat(desk.verdict(last)).isEqualTo(LIVE);
    }

    @Test
    void manyLiveTokensAreCutDownToTheNewest() {
        Desk desk = new Desk("keep-all");
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            tokens.add(desk.mint());
        }

        desk.retention("newest:3");
        String last = desk.mint();

        assertThat(tokens.stream().filter(token -> desk.verdict(token) == LIVE))
                .containsExactly(tokens.get(198), tokens.get(199));
        assertThat(desk.verdict(last)).isEqualTo(LIVE);
        assertThat(desk.state().liveTotal()).isEqualTo(3);
    }

    @Test
    void deactivationRevokesForGood() {
        Desk desk = new Desk("keep-all");
        String token = desk.mint();

        desk.provider.configure(desk.app, app -> app.active(false), desk.clock.instant());
        desk.provider.configure(desk.app, app -> app.active(true), desk.clock.instant());

        assertThat(desk.verdict(token)).isEqualTo(REVOKED);
        assertThat(desk.verdict(desk.mint())).isEqualTo(LIVE);
    }

    @Test
    void tokenChangedAnywhereIsUnknown() {
        Desk desk = new Desk("keep-all");
        String token = desk.mint();

        for (int at = 0; at < token.length(); at += 13) {
            char other = token.charAt(at) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, at) + other + token.substring(at + 1);
            assertThat(desk.verdict(changed)).isEqualTo(UNKNOWN);
        }
        assertThat(desk.verdict(token.substring(1))).isEqualTo(UNKNOWN);
        assertThat(desk.verdict("")).isEqualTo(UNKNOWN);
    }

    @Test
    void onlySoManyDeadTokensAreRemembered() {
        Desk desk = new Desk("newest-only");
        String first = desk.mint();
        String second = desk.mint();
        for (int i = 0; i < TokenLedger.REMEMBERED_DEAD; i++) {
            desk.mint();
        }

        assertThat(desk.verdict(first)).isEqualTo(UNKNOWN);
        assertThat(desk.verdict(second)).isEqualTo(DISPLACED);
    }

    @Test
    void whatDoesNotFitIntoTheHeapIsRefusedUntilTokensExpire() {
        Desk desk = new Desk("keep-all", new TokenRegistry(3000));
        String first = desk.mint();
        for (int i = 1; i < 3000; i++) {
            desk.mint();
        }

        MintOutcome refused = desk.app.mint(0, MintRecord.By.CLIENT, desk.clock.instant());

        assertThat(refused).isInstanceOf(MintOutcome.Full.class);
        assertThat(desk.verdict(first)).isEqualTo(LIVE);
        desk.pass(Desk.LIFETIME);
        assertThat(desk.verdict(desk.mint())).isEqualTo(LIVE);
        assertThat(desk.verdict(first)).isEqualTo(UNKNOWN);
    }

    @Test
    void resetForgetsTokensAndCounts() {
        Desk desk = new Desk("keep-all");
        String token = desk.mint();

        desk.provider.reset();

        assertThat(desk.verdict(token)).isEqualTo(UNKNOWN);
        assertThat(desk.state().mints()).isZero();
        assertThat(desk.app.mintLog()).isEmpty();
        assertThat(desk.minted(0)).isNotNull();
        assertThat(desk.state().live()).extracting(LiveToken::number).containsExactly(1L);
    }

    private static Admission.Granted granted(Desk desk, int index) {
        return new Admission.Granted(desk.app, index);
    }

    private static TokenRequest request(@Nullable String index) {
        return new TokenRequest(
                new Credentials("client", "secret", null), "account_credentials", "account", index);
    }
}
