package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MemoryStore;
import org.evergrant.MintBudget;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Policy;
import org.junit.jupiter.api.Test;

/** A store that goes away between two calls that belong together. */
class StoreAtBadMomentsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakeTime time = FakeTime.create();
    private final FakeMinter provider = FakeMinter.create(time);
    private final MemoryStore memory = MemoryStore.create(this::read);
    private final FailingStore store = new FailingStore(memory.another());
    private final App app = app(AppId.of("zoom")).build();
    private final Node node =
            Node.builder().store(store).minter(provider).time(time).executor(Runnable::run).build();
    private final TokenSource tokens = node.tokens(app);

    /** How long the store's answer takes after it looked at its clock. */
    private Duration reading = Duration.ZERO;

    @Test
    void nodeWhoseStoreStalledAndWentAwayAfterItsClaimMintsAgain() {
        store.afterNextCas(() -> {
            time.advance(Duration.ofSeconds(3));
            store.away(true);
        });
        CompletableFuture<Token> ask = tokens.getAsync(Duration.ZERO, LONG);
        store.away(false);

        time.advance(LONG.minusSeconds(4));

        assertThat(ask).isCompleted();
        assertThat(provider.count()).isEqualTo(1);
        node.close();
    }

    @Test
    void mintIsSentInTimeThoughTheStoresClockIsReadSlowly() {
        Duration slack = Policy.of(app).claimLife().minus(app.mintDeadline()).minus(app.settle());
        reading = Duration.ofMillis(390);
        store.afterNextCas(() -> time.advance(slack.minus(reading.dividedBy(2))));
        provider.hold();

        CompletableFuture<Token> ask = tokens.getAsync(Duration.ZERO, LONG);

        Claim claim = Objects.requireNonNull(memory.read(app.recordId()).record().claim());
        assertThat(provider.count()).isEqualTo(1);
        assertThat(time.instant()).isBeforeOrEqualTo(claim.at().plus(slack));
        provider.release();
        assertThat(ask).isCompleted();
        node.close();
    }

    /** Or one more than the budget's would be counted in some window. */
    @Test
    void mintIsCountedNoEarlierThanItCanHaveArrived() {
        App thrifty = app(AppId.of("thrifty")).mintBudget(MintBudget.parse("2/10m")).build();
        reading = Duration.ofMillis(390);
        provider.hold();

        CompletableFuture<Token> ask = node.tokens(thrifty).getAsync(Duration.ZERO, LONG);
        Instant answered = time.instant();
        provider.release();

        assertThat(ask).isCompleted();
        assertThat(memory.read(thrifty.recordId()).record().spent())
                .singleElement()
                .satisfies(counted -> assertThat(counted).isAfterOrEqualTo(answered));
        node.close();
    }

    /** It cannot read the store's clock, and knows less of it the longer it is alone. */
    @Test
    void nodeThatIsAloneForLongStillMints() {
        tokens.getAsync().join();
        store.away(true);
        time.advance(Duration.ofHours(12));

        CompletableFuture<Token> ask = tokens.getAsync(Duration.ZERO, LONG);
        time.advance(LONG.minusSeconds(1));

        assertThat(ask).isCompleted();
        assertThat(provider.isLive(ask.join().value())).isTrue();
        node.close();
    }

    @Test
    void closingWaitsForAStoreThatIsAwayWhenTheMintIsAnswered() {
        provider.hold();
        CompletableFuture<Token> ask = tokens.getAsync();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(node::close);
        Await.until("the caller is refused", Duration.ofSeconds(5), ask::isDone);

        store.away(true);
        int before = store.operations();
        provider.release();
        Await.until("the node has tried", Duration.ofSeconds(5), () -> store.operations() > before);
        store.away(false);
        Await.until("the node tries again", Duration.ofSeconds(5), time::advanceToNextTimer);
        closed.join();

        AppRecord record = memory.read(app.recordId()).record();
        assertThat(record.claim()).isNull();
        assertThat(record.generation()).isEqualTo(1);
        assertThat(tokens.getAsync()).isCompletedExceptionally();
    }

    private static App.Builder app(AppId id) {
        return App.zoom(id)
                .accountId("account")
                .clientId("client")
                .clientSecret(Secret.of("canary-secret"))
                .retention(Retention.KEEP_ALL);
    }

    private Instant read() {
        Instant now = time.instant();
        time.advance(reading);
        return now;
    }
}
