package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.emulator.MintRecord;
import org.evergrant.emulator.Retention;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The judge of {@link KilledTest} finds what it is there to find. Times are in ms, lives 3 s. */
class AccountTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final long KILLED = 4711;
    private static final long ALIVE = 4712;

    private final List<AppRecord> versions = new ArrayList<>(List.of(AppRecord.EMPTY));
    private final List<MintRecord> mints = new ArrayList<>();
    private @Nullable Instant killedAt;

    @Test
    void lifetimesWithADeathAmongThemBalance() {
        published(0);
        claim(KILLED, 2900);
        mint(2950, 0);
        killedAt = at(2960);
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
                .contains("was not killed");
    }

    @Test
    void deathAfterTheClaimHadRunOutExplainsNothing() {
        published(0);
        claim(KILLED, 2900);
        killedAt = at(5901);
        published(5900);

        assertThat(account("newest-only").faults())
                .singleElement()
                .asString()
                .contains("was not killed");
    }

    @Test
    void claimThatWasTakenOverBeforeItRanOutIsFound() {
        published(0);
        claim(KILLED, 2900);
        killedAt = at(2910);
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

        account.add(List.of(call(1, 2849, 401), call(1, 2851, 401), call(1, 100, 200)), null);
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

        account.add(List.of(call(1, 100, 200)), null);
        account.compare(1, 1, 1);

        assertThat(account.faults()).anyMatch(fault -> fault.contains("1 calls with 401"));
    }

    @Test
    void callsThatTheirCallerDidNotOutliveMayBeMissing() {
        published(0);
        Account account = account("newest-only");

        account.add(List.of(unanswered()), at(100));
        account.compare(1, 1, 0);
        account.compare(1, 0, 0);

        assertThat(account.faults()).isEmpty();
        account.compare(1, 2, 0);
        account.add(List.of(unanswered()), null);
        assertThat(account.faults())
                .hasSize(2)
                .anyMatch(fault -> fault.contains("nobody killed the caller"));
    }

    @Test
    void tokenFromNowhereIsFound() {
        published(0);
        Account account = account("newest-only");

        account.add(List.of(call(2, 100, 200)), null);

        assertThat(account.faults()).singleElement().asString().contains("never published");
    }

    private Account account(String retention) {
        return new Account(
                "app",
                Retention.parse(retention),
                versions,
                mints,
                pid ->
                        pid == KILLED && killedAt != null
                                ? new Crew.Death(KILLED, killedAt, killedAt)
                                : null);
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
        return new CallLog.Call("app", token, at(50), at(answeredMs), status);
    }

    private static CallLog.Call unanswered() {
        return new CallLog.Call("app", CallLog.fingerprint("token-1"), at(50), null, 0);
    }

    private static Instant at(long ms) {
        return START.plus(Duration.ofMillis(ms));
    }
}
