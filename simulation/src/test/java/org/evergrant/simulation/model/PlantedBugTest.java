package org.evergrant.simulation.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Ask;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Rotation;
import org.evergrant.spi.Step;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One bug for each invariant: an explorer that finds none of them proves nothing. */
class PlantedBugTest {
    private static final Bounds QUIET = Bounds.of(2, Retention.NEWEST_ONLY);

    @Test
    void mintingEarlyWhereAMintKillsBreaksAPromise() {
        Protocol early =
                new Protocol() {
                    @Override
                    public Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
                        return Rotation.next(record, with(policy, Retention.KEEP_ALL), now, ask);
                    }
                };

        assertBreaks(early, QUIET, Invariant.PROMISES_ARE_KEPT);
    }

    @Test
    void mintingAsThePromiseEndsBreaksCallsOnTheirWay() {
        Protocol hasty =
                new Protocol() {
                    @Override
                    public Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
                        return Rotation.next(record, settling(policy, Duration.ZERO), now, ask);
                    }
                };

        assertBreaks(hasty, QUIET, Invariant.PROMISES_ARE_KEPT);
    }

    @Test
    void doubtThatSuspectsNothingHandsOutTheDead() {
        Protocol trusting =
                new Protocol() {
                    @Override
                    public AppRecord answered(
                            AppRecord record,
                            Policy policy,
                            Claim claim,
                            Minter.Answer answer,
                            Instant now) {
                        return Protocol.super.answered(
                                record, policy, claim, asRefusal(answer), now);
                    }
                };

        assertBreaks(trusting, QUIET.with(Fault.LOST, 1), Invariant.NOTHING_DEAD);
    }

    @Test
    void servingTheNewestWhateverItsStandingHandsOutTheKnownDead() {
        Protocol careless =
                new Protocol() {
                    @Override
                    public Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
                        Optional<Token> newest =
                                record.newest().filter(token -> token.isPromised(now));
                        return newest.isPresent()
                                ? new Step.Serve(newest.get(), newest.get().promisedUntil())
                                : Rotation.next(record, policy, now, ask);
                    }
                };

        assertBreaks(careless, QUIET.with(Fault.RIVAL, 1), Invariant.NOTHING_KNOWN_DEAD);
    }

    @Test
    void servingPastTheExpiryIsSeen() {
        Protocol generous =
                new Protocol() {
                    @Override
                    public Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
                        Optional<Token> old =
                                record.newest().filter(token -> !now.isBefore(token.expiresAt()));
                        return old.isPresent()
                                ? new Step.Serve(old.get(), now.plusSeconds(1))
                                : Rotation.next(record, policy, now, ask);
                    }
                };

        assertBreaks(generous, QUIET, Invariant.NOTHING_EXPIRED);
    }

    @Test
    void servingToTheExpiryIsBeyondThePromise() {
        Protocol generous =
                new Protocol() {
                    @Override
                    public Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
                        Step step = Rotation.next(record, policy, now, ask);
                        return step instanceof Step.Serve serve
                                ? new Step.Serve(serve.token(), serve.token().expiresAt())
                                : step;
                    }
                };

        assertBreaks(generous, QUIET, Invariant.NOTHING_BEYOND_THE_PROMISE);
    }

    @Test
    void countingTheLifeFromTheAnswerPromisesTooMuch() {
        Protocol late =
                new Protocol() {
                    @Override
                    public AppRecord answered(
                            AppRecord record,
                            Policy policy,
                            Claim claim,
                            Minter.Answer answer,
                            Instant now) {
                        return Protocol.super.answered(record, policy, claim, longer(answer), now);
                    }
                };

        assertBreaks(late, QUIET, Invariant.NO_PROMISE_BEYOND_THE_LIFE);
    }

    @Test
    void changingOnesMindBeforeTheTimeIsSeen() {
        Protocol fickle =
                new Protocol() {
                    @Override
                    public Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
                        Step step = Rotation.next(record, policy, now, ask);
                        boolean odd = !now.truncatedTo(ChronoUnit.SECONDS).equals(now);
                        return step instanceof Step.Serve && odd
                                ? new Step.Await(now.plusMillis(500), null)
                                : step;
                    }
                };

        assertBreaks(fickle, QUIET, Invariant.WHAT_IS_SERVED_STAYS);
    }

    @Test
    void waitingForThePresentIsSeen() {
        Protocol busy =
                new Protocol() {
                    @Override
                    public Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
                        Step step = Rotation.next(record, policy, now, ask);
                        return step instanceof Step.Await ? new Step.Await(now, null) : step;
                    }
                };

        assertBreaks(busy, QUIET, Invariant.NOBODY_SPINS);
    }

    @Test
    void claimThatIsNotWrittenLetsTwoMintsFly() {
        Protocol unclaimed =
                new Protocol() {
                    @Override
                    public AppRecord claimed(AppRecord record, Policy policy, Claim claim) {
                        return record;
                    }
                };

        assertBreaks(unclaimed, QUIET, Invariant.ONE_MINT_AT_A_TIME);
    }

    /** So the rotation was, before it was explored. */
    @Test
    void mintingAgainAtOnceAfterADoubtLetsTwoMintsFly() {
        Protocol hasty =
                new Protocol() {
                    @Override
                    public AppRecord answered(
                            AppRecord record,
                            Policy policy,
                            Claim claim,
                            Minter.Answer answer,
                            Instant now) {
                        return Protocol.super.answered(
                                record, settling(policy, Duration.ZERO), claim, answer, now);
                    }
                };

        assertBreaks(hasty, QUIET.with(Fault.LOST, 1), Invariant.ONE_MINT_AT_A_TIME);
    }

    @Test
    void mintingAgainAtOnceAfterTheDoubtOfAStalledNodeLetsTwoMintsFly() {
        Protocol hasty =
                new Protocol() {
                    @Override
                    public AppRecord answered(
                            AppRecord record,
                            Policy policy,
                            Claim claim,
                            Minter.Answer answer,
                            Instant now) {
                        AppRecord after =
                                Protocol.super.answered(record, policy, claim, answer, now);
                        boolean late = record.claim() == null || !record.claim().isSame(claim);
                        return late && answer instanceof Minter.Doubtful
                                ? with(after, record.trouble())
                                : after;
                    }
                };

        Bounds bounds = QUIET.with(Fault.STALL, 1).with(Fault.LOST, 1);
        Explorer.Breach breach = breach(bounds, hasty, Invariant.ONE_MINT_AT_A_TIME);

        assertThat(Story.of(bounds, hasty, breach)).contains("stands still");
    }

    @Test
    void budgetThatNobodyKeepsIsExceeded() {
        Protocol spendthrift =
                new Protocol() {
                    @Override
                    public Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
                        return Rotation.next(record, unlimited(policy), now, ask);
                    }
                };

        assertBreaks(
                spendthrift,
                QUIET.with(MintBudget.parse("1/10s")).with(Fault.RIVAL, 1),
                Invariant.BUDGET_IS_KEPT);
    }

    @Test
    void troubleWithoutEndIsNoWayBackToAToken() {
        Protocol stubborn =
                new Protocol() {
                    @Override
                    public AppRecord answered(
                            AppRecord record,
                            Policy policy,
                            Claim claim,
                            Minter.Answer answer,
                            Instant now) {
                        AppRecord after =
                                Protocol.super.answered(record, policy, claim, answer, now);
                        return after.trouble() == null ? after : forEver(after, now);
                    }
                };

        Explorer.Breach breach = breach(QUIET.with(Fault.REFUSAL, 1), stubborn);

        assertThat(breach.words()).startsWith("a live token is published within");
    }

    @Test
    void breachIsToldAsTheShortestStory() {
        Protocol unclaimed =
                new Protocol() {
                    @Override
                    public AppRecord claimed(AppRecord record, Policy policy, Claim claim) {
                        return record;
                    }
                };

        Explorer.Breach breach = breach(QUIET, unclaimed, Invariant.ONE_MINT_AT_A_TIME);

        assertThat(Story.of(QUIET, unclaimed, breach).lines())
                .containsExactly(
                        "   0.0 s  node A1 writes its claim",
                        "   0.0 s  node A1 sends the mint",
                        "   0.0 s  node B1 writes its claim",
                        "   0.0 s  node B1 sends the mint",
                        "   0.0 s  broken: " + Invariant.ONE_MINT_AT_A_TIME.words());
    }

    private static void assertBreaks(Protocol bug, Bounds bounds, Invariant invariant) {
        assertThat(Explorer.of(bounds, Protocol.PRODUCTION).explore().breach()).isNull();

        Explorer.Breach breach = breach(bounds, bug, invariant);

        assertThat(breach.words()).as(Story.of(bounds, bug, breach)).isEqualTo(invariant.words());
    }

    private static Explorer.Breach breach(Bounds bounds, Protocol bug, Invariant... invariants) {
        return Objects.requireNonNull(
                Explorer.of(bounds, bug).checkingOnly(invariants).explore().breach(), "no breach");
    }

    private static Policy with(Policy policy, Retention retention) {
        return new Policy(
                policy.app(),
                retention,
                policy.margin(),
                policy.settle(),
                policy.budget(),
                policy.claimLife(),
                policy.lifeIfUnsaid());
    }

    private static Policy settling(Policy policy, Duration settle) {
        return new Policy(
                policy.app(),
                policy.retention(),
                policy.margin(),
                settle,
                policy.budget(),
                policy.claimLife(),
                policy.lifeIfUnsaid());
    }

    private static Policy unlimited(Policy policy) {
        return new Policy(
                policy.app(),
                policy.retention(),
                policy.margin(),
                policy.settle(),
                Optional.empty(),
                policy.claimLife(),
                policy.lifeIfUnsaid());
    }

    private static Minter.Answer asRefusal(Minter.Answer answer) {
        return answer instanceof Minter.Doubtful
                ? new Minter.NotMinted(Trouble.Kind.UNREACHABLE, "lost", Optional.empty())
                : answer;
    }

    private static Minter.Answer longer(Minter.Answer answer) {
        return answer instanceof Minter.Minted minted
                ? new Minter.Minted(
                        minted.value(),
                        minted.type(),
                        minted.scope(),
                        minted.apiUrl(),
                        minted.expiresIn().map(life -> life.plusSeconds(4)))
                : answer;
    }

    private static AppRecord forEver(AppRecord record, Instant now) {
        Trouble trouble = record.trouble();
        return trouble == null
                ? record
                : with(
                        record,
                        new Trouble(
                                trouble.kind(), now, now.plusSeconds(3600), 1, trouble.detail()));
    }

    private static AppRecord with(AppRecord record, @Nullable Trouble trouble) {
        return new AppRecord(
                record.generation(),
                record.tokens(),
                record.claim(),
                trouble,
                record.spent(),
                record.streak(),
                record.learned());
    }
}
