package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.emulator.MintRecord;
import org.evergrant.emulator.Retention;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.junit.jupiter.api.Test;

/** The judge of {@link KilledTest} finds what it is there to find. Times are in ms, lives 3 s. */
class AccountTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final long KILLED = 4711;
    private static final long ALIVE = 4712;

    private final List<AppRecord> versions = new ArrayList<>(List.of(AppRecord.EMPTY));
    private final List<MintRecord> mints = new ArrayList<>();
    private final List<Mishap> mishaps = new ArrayList<>();

    @Test
    void lifetimesWithADeathAmongThemBalance() {
        published(0);
        claim(KILLED, 2900);
        mint(2950, 0);
        killed(2960);
        published(5900);

        Account account = account("newest-only");

        assertThat(account.faults()).isEmpty();
        assertThat(account.lost()).isEqualTo(1);
        assertThat(account.count(History.End.RAN_OUT)).isEqualTo(1);
    }

    @Test
    void mintThatNobodyClaimedIsFound() {
        mint(-10, 0);
        published(0);
        mint(4000, 0);

        assertThat(account("keep-all").faults())
                .filteredOn(fault -> fault.contains("a mint without a claim"))
                .hasSize(2);
    }

    @Test
    void secondMintOfOneClaimIsFound() {
        published(0);
        mint(60, 0);

        assertThat(account("keep-all").faults())
                .first()
                .asString()
                .contains("2 mints for PUBLISHED");
    }

    @Test
    void mintAtAnotherIndexThanClaimedIsFound() {
        claim(ALIVE, 0);
        mint(50, 1);
        publish(0);

        assertThat(account("indexed:2").faults()).first().asString().contains("another index");
    }

    @Test
    void tokenThatTheProviderNeverMintedIsFound() {
        claim(ALIVE, 0);
        publish(0);

        assertThat(account("keep-all").faults()).first().asString().contains("0 mints for");
    }

    @Test
    void claimOfALivingProcessThatRanOutIsFound() {
        published(0);
        claim(ALIVE, 2900);
        published(5900);

        assertThat(account("newest-only").faults())
                .singleElement()
                .asString()
                .contains("nothing was done");
    }

    @Test
    void deathAfterTheClaimHadRunOutExplainsNothing() {
        published(0);
        claim(KILLED, 2900);
        killed(5901);
        published(5900);

        assertThat(account("newest-only").faults())
                .singleElement()
                .asString()
                .contains("nothing was done");
    }

    @Test
    void claimThatWasTakenOverBeforeItRanOutIsFound() {
        published(0);
        claim(KILLED, 2900);
        killed(2910);
        published(5899);

        assertThat(account("newest-only").faults())
                .singleElement()
                .asString()
                .contains("taken over before it ran out");
    }

    @Test
    void mintBeforeItWasDueIsFound() {
        published(0);
        published(2399);

        assertThat(account("keep-all").faults())
                .singleElement()
                .asString()
                .contains("minted before it was due");
    }

    @Test
    void mintThatEndsAPromisedTokenIsFoundAsTheRetentionHasIt() {
        published(0);
        published(2400);

        assertThat(account("newest-only").faults())
                .singleElement()
                .asString()
                .contains("generation 1 was promised beyond");
        assertThat(account("indexed:2").faults()).hasSize(1);
        assertThat(account("grace:200ms").faults()).hasSize(1);
        assertThat(account("grace:250ms").faults()).isEmpty();
        assertThat(account("newest:2").faults()).isEmpty();
        assertThat(account("keep-all").faults()).isEmpty();
    }

    @Test
    void callThatFailedWithinItsPromiseIsFoundAndALateOneIsNot() {
        published(0);
        Account account = account("newest-only");

        account.add(List.of(call(1, 2849, 401), call(1, 2851, 401), call(1, 100, 200)), false);
        account.compare(1, 1, 2);

        assertThat(account.faults())
                .singleElement()
                .asString()
                .contains("401 within the promise of generation 1");
    }

    @Test
    void callThatNobodyLoggedIsFound() {
        published(0);
        Account account = account("newest-only");

        account.add(List.of(call(1, 100, 200)), false);
        account.compare(1, 1, 1);

        assertThat(account.faults()).anyMatch(fault -> fault.contains("1 calls with 401"));
    }

    @Test
    void callsThatTheirCallerDidNotOutliveMayBeMissing() {
        published(0);
        Account account = account("newest-only");

        account.add(List.of(unanswered()), true);
        account.compare(1, 1, 0);
        account.compare(1, 0, 0);

        assertThat(account.faults()).isEmpty();
        account.compare(1, 2, 0);
        account.add(List.of(unanswered()), false);
        assertThat(account.faults())
                .hasSize(2)
                .anyMatch(fault -> fault.contains("nobody killed the caller"));
    }

    @Test
    void tokenFromNowhereIsFound() {
        published(0);
        Account account = account("newest-only");

        account.add(List.of(call(2, 100, 200)), false);

        assertThat(account.faults()).singleElement().asString().contains("never published");
    }

    @Test
    void mintOfANodeThatWasFrozenIsExceptedAndSoAreTheCallsItCosts() {
        mintSentByAFrozenNode();
        frozen(2900, 6900);
        Account account = account("newest-only");

        account.add(List.of(call(2, 6951, 401), call(2, 6960, 200)), false);

        assertThat(account.faults()).isEmpty();
        assertThat(account.lateMints()).containsExactly(Map.entry(2, Account.Fate.FROZEN_MINT));
        assertThat(account.refused()).containsExactly(Map.entry(Account.Fate.FROZEN_MINT, 1L));

        account.add(List.of(call(2, 6949, 401)), false);
        assertThat(account.faults())
                .singleElement()
                .asString()
                .contains("401 within the promise of generation 2");
    }

    @Test
    void tokenThatAFrozenNodesAnswerMadeSuspectIsExceptedToo() {
        suspectMintedAgain();
        frozen(2900, 6900);
        Account account = account("newest-only");

        account.add(List.of(call(2, 7001, 401)), false);

        assertThat(account.faults()).isEmpty();
        assertThat(account.refused()).containsExactly(Map.entry(Account.Fate.FROZEN_MINT, 1L));
    }

    @Test
    void mintsThatHealWhatAFrozenNodeDidBreakNoPromise() {
        mintSentByAFrozenNode();
        frozen(2900, 6900);
        stands(Token.Standing.REJECTED);
        published(6990);
        stands(Token.Standing.SUSPECT);
        published(7100);

        assertThat(account("newest-only").faults()).isEmpty();
    }

    @Test
    void tokenThatIsSuspectForNoReasonIsFound() {
        suspectMintedAgain();
        killed(2900);

        assertThat(account("newest-only").faults())
                .anyMatch(fault -> fault.contains("generation 2 was promised beyond"));
    }

    private void suspectMintedAgain() {
        published(0);
        claim(KILLED, 2850);
        mint(2890, 0);
        published(5860);
        stands(Token.Standing.SUSPECT);
        published(6950);
    }

    /** All that is left is the newest token, which now stands so. */
    private void stands(Token.Standing standing) {
        AppRecord last = versions.get(versions.size() - 1);
        Token newest = last.tokens().get(0).as(standing);
        versions.add(
                new AppRecord(last.generation(), List.of(newest), null, null, List.of(), 0, null));
    }

    @Test
    void sameMintOfANodeThatWasNotFrozenIsFound() {
        mintSentByAFrozenNode();

        assertThat(account("newest-only").faults())
                .anyMatch(fault -> fault.contains("2 mints for PUBLISHED"))
                .anyMatch(fault -> fault.contains("generation 2 was promised beyond"));
    }

    private void mintSentByAFrozenNode() {
        published(0);
        claim(KILLED, 2850);
        published(5860);
        mint(6950, 0);
    }

    @Test
    void refusedCallsAreToldApart() {
        published(0);
        Account account = account("newest-only");

        account.add(
                List.of(
                        refused(40, 2699, 2851, 2700),
                        refused(2701, 2750, 2851, 3000),
                        refused(2699, 2751, 2851, 2700),
                        refused(2699, 2751, 2851, 2700)),
                false);

        assertThat(account.faults()).isEmpty();
        assertThat(account.refused())
                .containsOnly(
                        Map.entry(Account.Fate.ON_ITS_WAY, 1L),
                        Map.entry(Account.Fate.UNPROMISED, 1L),
                        Map.entry(Account.Fate.OVERSLEPT, 2L));
    }

    @Test
    void callerWhoWasPromisedMoreThanThePromiseIsFound() {
        published(0);
        Account account = account("newest-only");

        account.add(List.of(refused(40, 2699, 2851, 2900), refused(40, 2699, 2851, 2901)), false);

        assertThat(account.faults()).singleElement().asString().contains("promised beyond");
    }

    @Test
    void mintThatAnswersARejectionBreaksNoPromise() {
        published(0);
        stands(Token.Standing.REJECTED);
        published(500);

        assertThat(account("newest-only").faults()).isEmpty();
    }

    private static CallLog.Call refused(long handedMs, long sentMs, long answeredMs, long untilMs) {
        return new CallLog.Call(
                "app",
                CallLog.fingerprint("token-1"),
                at(handedMs),
                at(untilMs),
                at(sentMs),
                at(answeredMs),
                401);
    }

    private void killed(long ms) {
        mishaps.add(new Mishap(Mishap.Kind.KILLED, KILLED, at(ms), at(ms)));
    }

    private void frozen(long fromMs, long toMs) {
        mishaps.add(new Mishap(Mishap.Kind.FROZEN, KILLED, at(fromMs), at(toMs)));
    }

    private Account account(String retention) {
        return new Account("app", Retention.parse(retention), versions, mints, mishaps);
    }

    /** A whole mint: claimed by a process that lives, minted 50 ms later, published. */
    private void published(long ms) {
        claim(ALIVE, ms);
        mint(ms + 50, 0);
        publish(ms);
    }

    private void claim(long pid, long ms) {
        AppRecord last = versions.get(versions.size() - 1);
        Claim claim = new Claim(pid + "-x", 0, at(ms), at(ms + 3000), false, false);
        versions.add(
                new AppRecord(last.generation(), last.tokens(), claim, null, List.of(), 0, null));
    }

    private void mint(long ms, int index) {
        mints.add(
                new MintRecord(
                        at(ms),
                        "client",
                        index,
                        MintRecord.By.CLIENT,
                        mints.size() + 1,
                        at(ms + 3000)));
    }

    private void publish(long ms) {
        AppRecord last = versions.get(versions.size() - 1);
        long generation = last.generation() + 1;
        Token token =
                new Token(
                        generation,
                        0,
                        Secret.of("token-" + generation),
                        "bearer",
                        "",
                        "",
                        at(ms),
                        at(ms + 3000),
                        at(ms + 2700),
                        Token.Standing.GOOD,
                        false);
        List<Token> tokens = new ArrayList<>(List.of(token));
        tokens.addAll(last.tokens());
        versions.add(new AppRecord(generation, tokens, null, null, List.of(), 0, null));
    }

    private static CallLog.Call call(long generation, long answeredMs, int status) {
        String token = CallLog.fingerprint("token-" + generation);
        return new CallLog.Call("app", token, at(40), at(2700), at(50), at(answeredMs), status);
    }

    private static CallLog.Call unanswered() {
        return new CallLog.Call(
                "app", CallLog.fingerprint("token-1"), at(40), at(2700), at(50), null, 0);
    }

    private static Instant at(long ms) {
        return START.plus(Duration.ofMillis(ms));
    }
}
