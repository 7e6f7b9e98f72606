package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MemoryStore;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.StoreException;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Rotation;
import org.evergrant.spi.Store;
import org.evergrant.spi.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What months of faults have taught: each of these was found by the simulator. Tokens live an hour;
 * promises end at 59 min.
 */
class BadDaysTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration LIFE = Duration.ofHours(1);

    private final FakeTime time = FakeTime.create();
    private final FakeMinter provider = FakeMinter.create(time);
    private final MemoryStore memory = MemoryStore.create(time);
    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void closeNodes() {
        nodes.forEach(Node::close);
    }

    @Test
    void nodeWhoseClockIsSlowHandsOutNothingBeyondThePromise() {
        FakeTime slow = time.another(0.9998);
        TokenSource tokens = node(memory, slow).tokens(app("newest-only"));
        Token first = tokens.get();
        time.advance(Duration.ofMinutes(59));

        CompletableFuture<Token> next = tokens.getAsync();

        assertThat(next).isNotDone();
        assertThat(tokens.lifeLeft(first)).isZero();
    }

    @Test
    void keptTokenHasNoLifeLeftPastItsPromise() {
        TokenSource tokens = node(memory, time).tokens(app("newest-only"));
        Token first = tokens.get();

        time.advance(Duration.ofMinutes(59));

        assertThat(tokens.lifeLeft(first)).isZero();
    }

    @Test
    void tokenThatIsHandedOutPastItsPromiseHasLifeLeft() {
        FailingStore failing = new FailingStore(memory);
        TokenSource tokens = node(failing, time).tokens(app("newest-only"));
        tokens.get();
        provider.answerWith(new Minter.NotMinted(Trouble.Kind.RATE_LIMITED, "429", hour()));
        time.advance(Duration.ofMinutes(59).plusSeconds(1));

        Token unpromised = tokens.getAsync().join();

        assertThat(unpromised.generation()).isEqualTo(1);
        assertThat(tokens.lifeLeft(unpromised)).isEqualTo(Duration.ofSeconds(59));
    }

    @Test
    void callerIsAnsweredByItsDeadlineAlsoWhileTheStoreHangs() {
        Store hanging =
                new StoreBetween(memory) {
                    @Override
                    public Versioned read(AppId app) {
                        time.advance(Duration.ofMinutes(1));
                        return super.read(app);
                    }
                };
        List<Duration> waits = new ArrayList<>();
        Observer waiting =
                new Observer() {
                    @Override
                    public void waited(AppId app, Duration waited, boolean served) {
                        waits.add(waited);
                    }
                };
        TokenSource tokens = node(hanging, time, waiting).tokens(app("newest-only"));

        CompletableFuture<Token> ask = tokens.getAsync();

        assertThat(ask).isCompletedExceptionally();
        assertThat(waits).containsExactly(TEN_SECONDS);
    }

    @Test
    void renewalIsAnsweredByItsDeadlineAlsoWhileTheStoreHangs() {
        Store hanging =
                new StoreBetween(memory) {
                    @Override
                    public Versioned read(AppId app) {
                        time.advance(Duration.ofMinutes(1));
                        return super.read(app);
                    }
                };
        TokenSource tokens = node(hanging, time).tokens(app("newest-only"));

        CompletableFuture<Token> renewal = tokens.renewAsync(TEN_SECONDS);

        assertThat(renewal).isCompletedExceptionally();
        assertThat(provider.count()).isLessThanOrEqualTo(1);
    }

    @Test
    void askForMoreLifeUnderStickyMintsNothingBeforeTheProviderHandsOutAnother() {
        TokenSource tokens = node(memory, time).tokens(app("sticky:5m"));
        Token token = tokens.get();
        time.advance(Duration.ofMinutes(30));

        Token same = tokens.getAsync(Duration.ofMinutes(50), TEN_SECONDS).join();

        assertThat(same).isEqualTo(token);
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void nodeWhoseWatchMissedAChangeLooksAgainBeforeItRefuses() {
        Store deaf =
                new StoreBetween(memory) {
                    @Override
                    public Watch watch(AppId app, Listener listener) {
                        return () -> {};
                    }
                };
        App app = app("newest-only");
        Policy policy = Policy.of(app);
        Claim claim = Rotation.claim(AppRecord.EMPTY, policy, "other", 0, time.instant());
        AppRecord claimed = Rotation.claimed(AppRecord.EMPTY, policy, claim);
        Minter.NotMinted no = new Minter.NotMinted(Trouble.Kind.RATE_LIMITED, "429", hour());
        AppRecord failed = Rotation.failed(claimed, policy, claim, no, time.instant());
        memory.cas(app.recordId(), 0, failed);
        TokenSource tokens = node(deaf, time).tokens(app);
        assertThat(tokens.getAsync()).isCompletedExceptionally();

        time.advance(Duration.ofSeconds(2));
        Minter.Minted yes =
                new Minter.Minted(
                        Secret.of("others"), "bearer", "", "", Optional.of(Duration.ofHours(1)));
        memory.cas(
                app.recordId(), 1, Rotation.published(claimed, policy, claim, yes, time.instant()));

        assertThat(tokens.getAsync().join().value()).isEqualTo(Secret.of("others"));
    }

    @Test
    void tokenMintedAloneAndRejectedSinceIsNotSharedAsGood() {
        FailingStore failing = new FailingStore(memory);
        App app = app("keep-all");
        TokenSource tokens = node(failing, time).tokens(app);
        tokens.get();
        failing.away(true);
        time.advance(Duration.ofMinutes(60));
        Token alone = tokens.get();

        assertThat(tokens.reject(alone)).isTrue();
        failing.away(false);
        time.advance(Duration.ofSeconds(2));
        Token next = tokens.get();

        assertThat(next.value()).isNotEqualTo(alone.value());
        assertThat(memory.read(app.recordId()).record().tokens())
                .noneMatch(token ->
                        token.value().equals(alone.value())
                                && token.standing() == Token.Standing.GOOD);
    }

    /** Some providers go on returning the token that their API refuses. */
    @Test
    void tokenMintedAloneAndRejectedSinceIsKnownWhenTheProviderReturnsIt() {
        FailingStore failing = new FailingStore(memory);
        App app = app("sticky:5m");
        TokenSource tokens = node(failing, time).tokens(app);
        tokens.get();
        failing.away(true);
        time.advance(Duration.ofMinutes(60));
        Minter.Minted same =
                new Minter.Minted(Secret.of("same"), "bearer", "", "", Optional.of(LIFE));
        provider.answerWith(same, same, same, same, same, same, same, same);
        Token alone = tokens.get();

        assertThat(tokens.reject(alone)).isTrue();
        failing.away(false);
        CompletableFuture<Token> unused = tokens.getAsync();
        time.advance(TEN_SECONDS);

        assertThat(memory.read(app.recordId()).record().tokens())
                .filteredOn(token -> token.value().equals(alone.value()))
                .singleElement()
                .satisfies(
                        token -> assertThat(token.standing()).isEqualTo(Token.Standing.REJECTED));
    }

    @Test
    void reportTakenWhileTheStoreWasAwayIsSharedOnceItIsBack() {
        FailingStore failing = new FailingStore(memory);
        App app = app("keep-all");
        TokenSource tokens = node(failing, time).tokens(app);
        Token shared = tokens.get();
        failing.away(true);
        provider.answerWith(new Minter.NotMinted(Trouble.Kind.UNREACHABLE, "no", hour()));
        time.advance(Duration.ofMinutes(50));
        assertThat(tokens.getAsync(Duration.ofMinutes(40), TEN_SECONDS).join()).isEqualTo(shared);

        assertThat(tokens.reject(shared)).isTrue();
        failing.away(false);
        time.advance(Duration.ofSeconds(3));
        CompletableFuture<Token> unused = tokens.getAsync();
        time.advance(Duration.ofSeconds(3));

        assertThat(memory.read(app.recordId()).record().tokens())
                .filteredOn(token -> token.value().equals(shared.value()))
                .singleElement()
                .satisfies(
                        token -> assertThat(token.standing()).isEqualTo(Token.Standing.REJECTED));
    }

    @Test
    void claimThatIsGivenBackUnheardKeepsNobodyFromMinting() {
        Store unheard =
                new StoreBetween(memory) {
                    private int left = 2;

                    @Override
                    public boolean cas(AppId app, long version, AppRecord record) {
                        boolean written = super.cas(app, version, record);
                        if (left > 0) {
                            left--;
                            time.advance(Duration.ofSeconds(5));
                            throw new StoreException("the answer was lost");
                        }
                        return written;
                    }
                };
        TokenSource tokens = node(unheard, time).tokens(app("newest-only"));

        CompletableFuture<Token> unused = tokens.getAsync(Duration.ZERO, Duration.ofMinutes(1));
        time.advance(Duration.ofMinutes(1));

        assertThat(tokens.getAsync().join().generation()).isEqualTo(1);
    }

    private static Optional<Duration> hour() {
        return Optional.of(Duration.ofHours(1));
    }

    private Node node(Store store, FakeTime clock) {
        return node(store, clock, Observer.NONE);
    }

    private Node node(Store store, FakeTime clock, Observer observer) {
        Node node =
                Node.builder()
                        .store(new Handle(store))
                        .minter(provider)
                        .time(new Handle.Time(clock))
                        .executor(Runnable::run)
                        .observer(observer)
                        .build();
        nodes.add(node);
        return node;
    }

    private static App app(String retention) {
        return App.zoom(AppId.of("zoom"))
                .accountId("account")
                .clientId("client")
                .clientSecret(Secret.of("canary-secret"))
                .retention(Retention.parse(retention))
                .build();
    }

    /** Hands everything on; a test overrides what it is about. */
    private static class StoreBetween implements Store {
        private final Store inner;

        StoreBetween(Store inner) {
            this.inner = inner;
        }

        @Override
        public Versioned read(AppId app) {
            return inner.read(app);
        }

        @Override
        public boolean cas(AppId app, long version, AppRecord record) {
            return inner.cas(app, version, record);
        }

        @Override
        public Watch watch(AppId app, Listener listener) {
            return inner.watch(app, listener);
        }

        @Override
        public Instant now() {
            return inner.now();
        }

        @Override
        public void close() {}
    }
}
