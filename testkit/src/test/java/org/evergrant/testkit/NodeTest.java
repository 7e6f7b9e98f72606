package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Lease;
import org.evergrant.MemoryStore;
import org.evergrant.MisconfiguredException;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.StoreException;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.TryLaterException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Rotation;
import org.evergrant.spi.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whole nodes on fake time, all on the test's own thread. Tokens live an hour; promises end at 59
 * min.
 */
class NodeTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final FakeTime time = FakeTime.create();
    private final FakeMinter provider = FakeMinter.create(time);
    private final MemoryStore memory = MemoryStore.create(time);
    private final FailingStore store = new FailingStore(memory);
    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void closeNodes() {
        provider.release();
        store.away(false);
        nodes.forEach(Node::close);
    }

    @Test
    void firstAskMints() {
        TokenSource tokens = node().tokens(app("newest-only"));

        Token token = tokens.get();

        assertThat(provider.count()).isEqualTo(1);
        assertThat(provider.isLive(token.value())).isTrue();
        assertThat(tokens.lifeLeft(token)).isEqualTo(Duration.ofMinutes(59));
    }

    @Test
    void promisedTokenIsHandedOutWithoutTheStore() {
        TokenSource tokens = node().tokens(app("newest-only"));
        Token token = tokens.get();
        int before = store.operations();

        for (int i = 0; i < 1000; i++) {
            assertThat(tokens.get()).isSameAs(token);
        }

        assertThat(store.operations()).isEqualTo(before);
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void callersOfAColdAppShareOneMint() {
        TokenSource tokens = node().tokens(app("newest-only"));
        provider.hold();

        List<CompletableFuture<Token>> asks = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            asks.add(tokens.getAsync());
        }
        boolean anyDone = asks.stream().anyMatch(CompletableFuture::isDone);
        provider.release();

        assertThat(anyDone).isFalse();
        assertThat(asks).allSatisfy(ask -> assertThat(ask).isCompleted());
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void nodesOnOneStoreShareOneMint() {
        App app = app("newest-only");
        TokenSource first = node().tokens(app);
        TokenSource second = node().tokens(app);
        provider.hold();

        CompletableFuture<Token> one = first.getAsync();
        CompletableFuture<Token> two = second.getAsync();
        provider.release();

        assertThat(one.join()).isEqualTo(two.join());
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void newestOnlyMakesCallersWaitForTheSettleAndTheMintOnly() {
        TokenSource tokens = node().tokens(app("newest-only"));
        Token first = tokens.get();
        time.advance(Duration.ofMinutes(59).minusMillis(1));
        assertThat(tokens.get()).isSameAs(first);

        time.advance(Duration.ofMillis(1));
        CompletableFuture<Token> held = tokens.getAsync();
        time.advance(Duration.ofMillis(999));
        boolean early = held.isDone();
        time.advance(Duration.ofMillis(1));

        assertThat(early).isFalse();
        assertThat(held.join().generation()).isEqualTo(2);
        assertThat(provider.count()).isEqualTo(2);
    }

    @Test
    void overlapRenewsInTheBackgroundWhileTheAppIsInUse() {
        TokenSource tokens = node().tokens(app("indexed:2"));
        tokens.get();

        for (int minute = 0; minute < 240; minute++) {
            time.advance(Duration.ofMinutes(1));
            assertThat(tokens.getAsync()).isCompleted();
            assertThat(provider.isLive(tokens.get().value())).isTrue();
        }

        assertThat(provider.count()).isBetween(5, 6);
    }

    @Test
    void appNobodyAsksForIsNotRenewed() {
        TokenSource tokens = node().tokens(app("keep-all"));
        tokens.get();

        time.advance(Duration.ofDays(2));
        int idle = provider.count();
        Token token = tokens.get();

        assertThat(idle).isEqualTo(1);
        assertThat(token.generation()).isEqualTo(2);
        assertThat(provider.isLive(token.value())).isTrue();
    }

    @Test
    void idleAppKeepsNoTimer() {
        TokenSource tokens = node().tokens(app("newest-only"));
        tokens.get();

        time.advance(Duration.ofDays(2));

        assertThat(time.timers()).isZero();
    }

    @Test
    void appKeptWarmIsRenewedThoughNobodyAsks() {
        App app = builder("keep-all").keepWarm(true).build();
        node().tokens(app).get();

        time.advance(Duration.ofHours(8));

        assertThat(provider.count()).isBetween(9, 11);
    }

    @Test
    void oneMintAnswersAHundredRejections() {
        TokenSource tokens = node().tokens(app("newest-only"));
        Token first = tokens.get();
        provider.rival(app("newest-only"));
        time.advance(Duration.ofMinutes(1));
        provider.hold();

        List<CompletableFuture<Boolean>> reports = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            reports.add(tokens.rejectAsync(first.value().reveal()));
        }
        provider.release();

        assertThat(reports).allSatisfy(report -> assertThat(report.join()).isTrue());
        assertThat(provider.isLive(tokens.get().value())).isTrue();
        assertThat(provider.count()).isEqualTo(2);
    }

    @Test
    void lateRejectionRenewsNothing() {
        TokenSource tokens = node().tokens(app("newest-only"));
        Token first = tokens.get();
        tokens.reject(first);
        Token second = tokens.get();

        boolean newest = tokens.reject(first);

        assertThat(newest).isFalse();
        assertThat(tokens.get()).isEqualTo(second);
    }

    @Test
    void rejectionOnOneNodeStopsTheOthers() {
        App app = app("newest-only");
        TokenSource here = node().tokens(app);
        TokenSource there = node().tokens(app);
        Token token = here.get();
        assertThat(there.get()).isEqualTo(token);

        here.reject(token);

        assertThat(there.get().generation()).isEqualTo(2);
        assertThat(provider.count()).isEqualTo(2);
    }

    @Test
    void nodeThatHasNotAskedYetMayReject() {
        Token token = node().tokens(app("newest-only")).get();

        boolean newest = node().tokens(app("newest-only")).reject(token);

        assertThat(newest).isTrue();
        assertThat(provider.count()).isEqualTo(2);
    }

    @Test
    void unknownTokenIsNotRejected() {
        TokenSource tokens = node().tokens(app("newest-only"));
        tokens.get();

        assertThat(tokens.rejectAsync("somebody else's").join()).isFalse();
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void nodeThatDiedWithAClaimIsWaitedForUntilTheClaimRunsOut() {
        App app = app("newest-only");
        Policy policy = Policy.of(app);
        Claim dead = Rotation.claim(AppRecord.EMPTY, policy, "dead", 0, time.instant());
        memory.cas(app.recordId(), 0, Rotation.claimed(AppRecord.EMPTY, policy, dead));
        TokenSource tokens = node().tokens(app);

        CompletableFuture<Token> ask = tokens.getAsync(Duration.ZERO, Duration.ofSeconds(30));
        time.advance(policy.claimLife().minusMillis(1));
        boolean early = ask.isDone();
        time.advance(Duration.ofSeconds(1));

        assertThat(early).isFalse();
        assertThat(ask.join().generation()).isEqualTo(1);
    }

    @Test
    void cancelledCallerDisturbsNobody() {
        TokenSource tokens = node().tokens(app("newest-only"));
        provider.hold();

        CompletableFuture<Token> gone = tokens.getAsync();
        CompletableFuture<Token> stays = tokens.getAsync();
        gone.cancel(true);
        provider.release();

        assertThat(stays.join().generation()).isEqualTo(1);
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void callerGivesUpAtItsDeadlineAndTheMintGoesOn() {
        TokenSource tokens = node().tokens(app("newest-only"));
        provider.hold();

        CompletableFuture<Token> ask = tokens.getAsync(Duration.ZERO, Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(1));
        Throwable failure = failure(ask);
        provider.release();

        assertThat(failure).isInstanceOf(TryLaterException.class);
        assertThat(tokens.getAsync()).isCompleted();
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void providerAwayIsSaidWithTheTimeToAskAgain() {
        TokenSource tokens = node().tokens(app("newest-only"));
        provider.answerWith(
                new Minter.NotMinted(
                        Trouble.Kind.RATE_LIMITED, "429", Optional.of(Duration.ofSeconds(40))));

        assertThatThrownBy(tokens::get)
                .isInstanceOfSatisfying(
                        TryLaterException.class,
                        later -> assertThat(later.retryAfter()).isEqualTo(Duration.ofSeconds(40)));
        time.advance(Duration.ofSeconds(40));

        assertThat(tokens.get().generation()).isEqualTo(1);
    }

    @Test
    void callerWaitsThroughAShortTrouble() {
        TokenSource tokens = node().tokens(app("newest-only"));
        provider.answerWith(
                new Minter.NotMinted(Trouble.Kind.UNREACHABLE, "refused", Optional.empty()));

        CompletableFuture<Token> ask = tokens.getAsync();
        time.advance(Duration.ofSeconds(1));

        assertThat(ask.join().generation()).isEqualTo(1);
    }

    @Test
    void refusedCredentialsAreSaidAtOnceAndTriedOnceAMinute() {
        TokenSource tokens = node().tokens(app("newest-only"));
        Minter.NotMinted refused =
                new Minter.NotMinted(
                        Trouble.Kind.MISCONFIGURED, "'invalid_client'", Optional.empty());
        provider.answerWith(refused, refused, refused);

        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(tokens::get)
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("app zoom")
                    .hasMessageContaining("invalid_client");
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void lostAnswerIsHealedByTheNextMint() {
        TokenSource tokens = node().tokens(app("newest-only"));
        tokens.get();
        time.advance(Duration.ofHours(1));
        provider.loseNext(1);

        CompletableFuture<Token> ask = tokens.getAsync();
        time.advance(Duration.ofSeconds(1));

        assertThat(provider.isLive(ask.join().value())).isTrue();
        assertThat(provider.count()).isEqualTo(3);
    }

    @Test
    void plannedMintWaitsForTheLeaseOfTheTokenItWouldKill() {
        TokenSource tokens = node().tokens(app("newest-only"));
        Lease lease = tokens.lease();
        time.advance(Duration.ofMinutes(59));

        CompletableFuture<Token> ask = tokens.getAsync();
        time.advance(TEN_SECONDS.minusMillis(1));
        boolean early = ask.isDone();
        boolean liveWhileLeased = provider.isLive(lease.token().value());
        lease.close();

        assertThat(early).isFalse();
        assertThat(liveWhileLeased).isTrue();
        assertThat(ask.join().generation()).isEqualTo(2);
    }

    @Test
    void leasesThatNoMintWaitsForWakeNobody() {
        AtomicInteger runs = new AtomicInteger();
        Node node =
                Node.builder()
                        .store(new Handle(store))
                        .minter(provider)
                        .time(new Handle.Time(time))
                        .executor(work -> {
                            runs.incrementAndGet();
                            work.run();
                        })
                        .build();
        nodes.add(node);
        TokenSource tokens = node.tokens(app("newest-only"));
        tokens.get();
        int before = runs.get();

        for (int i = 0; i < 100; i++) {
            tokens.lease().close();
        }

        assertThat(before).isPositive();
        assertThat(runs).hasValue(before);
    }

    @Test
    void leaseDoesNotOutliveItsToken() {
        TokenSource tokens = node().tokens(app("newest-only"));
        Lease forgotten = tokens.lease();
        time.advance(Duration.ofMinutes(60));

        assertThat(tokens.get().generation()).isEqualTo(2);
        forgotten.close();
    }

    @Test
    void storeAwayIsNotNoticedWithinThePromise() {
        TokenSource tokens = node().tokens(app("newest-only"));
        Token token = tokens.get();
        store.away(true);

        for (int minute = 0; minute < 58; minute++) {
            time.advance(Duration.ofMinutes(1));
            assertThat(tokens.get()).isSameAs(token);
        }
    }

    @Test
    void storeThatIsAwayFromTheStartIsSaidAtTheDeadlineAndUsedOnceItIsThere() {
        store.away(true);
        TokenSource tokens = node().tokens(app("newest-only"));

        CompletableFuture<Token> ask = tokens.getAsync();
        CompletableFuture<Boolean> report = tokens.rejectAsync("any");
        time.advance(TEN_SECONDS);
        CompletableFuture<Token> next = tokens.getAsync();
        store.away(false);
        time.advance(Duration.ofSeconds(3));

        assertThat(failure(ask)).isInstanceOf(StoreException.class);
        assertThat(failure(report)).isInstanceOf(StoreException.class);
        assertThat(next.join().generation()).isEqualTo(1);
    }

    @Test
    void whereAMintKillsNothingAStoreThatIsAwayFromTheStartIsDoneWithout() {
        store.away(true);
        TokenSource tokens = node().tokens(app("keep-all"));

        CompletableFuture<Token> ask = tokens.getAsync();
        time.advance(TEN_SECONDS);

        assertThat(failure(ask)).isInstanceOf(StoreException.class);
    }

    @Test
    void pastThePromiseCallersWaitForTheStore() {
        TokenSource tokens = node().tokens(app("newest-only"));
        tokens.get();
        store.away(true);
        time.advance(Duration.ofMinutes(60));

        CompletableFuture<Token> ask = tokens.getAsync();
        time.advance(TEN_SECONDS);
        CompletableFuture<Token> next = tokens.getAsync();
        store.away(false);
        time.advance(Duration.ofSeconds(2));

        assertThat(failure(ask)).isInstanceOf(StoreException.class);
        assertThat(next.join().generation()).isEqualTo(2);
    }

    @Test
    void whereAMintKillsNothingANodeMintsAloneAndSharesLater() {
        App app = app("keep-all");
        TokenSource tokens = node().tokens(app);
        tokens.get();
        store.away(true);
        time.advance(Duration.ofMinutes(60));

        Token alone = tokens.get();
        store.away(false);
        time.advance(Duration.ofSeconds(2));
        tokens.getAsync(Duration.ofMinutes(1), TEN_SECONDS).join();
        time.advance(Duration.ofSeconds(2));

        assertThat(provider.isLive(alone.value())).isTrue();
        assertThat(memory.read(app.recordId()).record().newest().orElseThrow().value())
                .isEqualTo(alone.value());
        assertThat(provider.count()).isEqualTo(2);
    }

    @Test
    void claimWhoseAnswerWasLostIsFoundInTheRecord() {
        TokenSource tokens = node().tokens(app("newest-only"));
        store.loseAnswers(true);

        assertThat(tokens.get().generation()).isEqualTo(1);
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void publicationWhoseAnswerWasLostIsNotPublishedTwice() {
        TokenSource tokens = node().tokens(app("newest-only"));
        provider.hold();
        CompletableFuture<Token> ask = tokens.getAsync();
        store.loseAnswers(true);
        provider.release();
        time.advance(Duration.ofSeconds(1));

        assertThat(ask.join().generation()).isEqualTo(1);
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void closingPublishesTheMintUnderWay() {
        App app = app("newest-only");
        Node node = node();
        provider.hold();
        CompletableFuture<Token> ask = node.tokens(app).getAsync();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(node::close);
        assertThat(failure(ask)).isInstanceOf(IllegalStateException.class);
        provider.release();
        closed.join();

        AppRecord record = memory.read(app.recordId()).record();
        assertThat(record.claim()).isNull();
        assertThat(record.generation()).isEqualTo(1);
    }

    @Test
    void minterThatEndsInAnErrorLeavesADoubtAndNotAStuckApp() {
        AtomicInteger mints = new AtomicInteger();
        Minter broken =
                new Minter() {
                    @Override
                    public CompletableFuture<Answer> mint(App app, int index) {
                        if (mints.getAndIncrement() == 0) {
                            throw new StackOverflowError();
                        }
                        return provider.mint(app, index);
                    }

                    @Override
                    public void close() {}
                };
        Node node =
                Node.builder()
                        .store(store)
                        .minter(broken)
                        .time(time)
                        .executor(Runnable::run)
                        .build();
        nodes.add(node);

        CompletableFuture<Token> ask = node.tokens(app("newest-only")).getAsync();
        time.advance(TEN_SECONDS.dividedBy(2));

        assertThat(ask).isCompleted();
        assertThat(mints).hasValue(2);
    }

    @Test
    void callerMayAskAgainFromInsideItsAnswer() throws Exception {
        Node node =
                Node.builder()
                        .store(MemoryStore.create())
                        .minter(FakeMinter.create(InstantSource.system()))
                        .build();
        nodes.add(node);
        TokenSource tokens = node.tokens(app("newest-only"));

        CompletableFuture<Token> renewed =
                tokens.getAsync()
                        .thenApply(token -> {
                            tokens.reject(token);
                            return tokens.get();
                        });

        assertThat(renewed.get(5, TimeUnit.SECONDS).generation()).isEqualTo(2);
    }

    @Test
    void closedNodeRefusesAsks() {
        Node node = node();
        TokenSource tokens = node.tokens(app("keep-all"));
        node.close();

        assertThatThrownBy(tokens::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> node.tokens(app("keep-all")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void renewMintsBeforeItIsNeeded() {
        TokenSource tokens = node().tokens(app("keep-all"));
        tokens.get();

        Token renewed = tokens.renewAsync(TEN_SECONDS).join();

        assertThat(renewed.generation()).isEqualTo(2);
        assertThat(tokens.get()).isEqualTo(renewed);
    }

    @Test
    void renewThatWouldBreakAPromiseSaysWhenItIsSafe() {
        TokenSource tokens = node().tokens(app("newest-only"));
        tokens.get();

        Throwable refusal = failure(tokens.renewAsync(TEN_SECONDS));

        assertThat(refusal)
                .isInstanceOfSatisfying(
                        TryLaterException.class,
                        later ->
                                assertThat(later.retryAfter())
                                        .isEqualTo(Duration.ofMinutes(59).plusSeconds(1)));
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void callerMayAskForMoreLifeLeft() {
        TokenSource tokens = node().tokens(app("indexed:2"));
        tokens.get();
        time.advance(Duration.ofMinutes(30));

        Token token = tokens.get(Duration.ofMinutes(40), TEN_SECONDS);

        assertThat(tokens.lifeLeft(token)).isEqualTo(Duration.ofMinutes(59));
        assertThat(provider.count()).isEqualTo(2);
    }

    @Test
    void sameAppHasOneSource() {
        Node node = node();

        assertThat(node.tokens(app("keep-all"))).isSameAs(node.tokens(app("keep-all")));
    }

    @Test
    void anotherRegistrationUnderTheSameNameHasTokensOfItsOwn() {
        App one = builder("keep-all").clientId("one").build();
        App two = builder("keep-all").clientId("two").build();
        Token token = node().tokens(one).get();

        assertThat(node().tokens(two).get()).isNotEqualTo(token);
        assertThat(provider.count()).isEqualTo(2);
    }

    @Test
    void newSecretGoesOnWithTheTokensThereAre() {
        App rotated = builder("keep-all").clientSecret(Secret.of("another")).build();
        Token token = node().tokens(app("keep-all")).get();

        assertThat(node().tokens(rotated).get()).isEqualTo(token);
    }

    private Node node() {
        Node node =
                Node.builder()
                        .store(new Handle(store))
                        .minter(provider)
                        .time(new Handle.Time(time))
                        .executor(Runnable::run)
                        .build();
        nodes.add(node);
        return node;
    }

    private static App app(String retention) {
        return builder(retention).build();
    }

    private static App.Builder builder(String retention) {
        return App.zoom(AppId.of("zoom"))
                .accountId("account")
                .clientId("client")
                .clientSecret(Secret.of("canary-secret"))
                .retention(Retention.parse(retention));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException failed) {
            return failed.getCause() == null ? failed : failed.getCause();
        }
        throw new AssertionError("did not fail");
    }
}
