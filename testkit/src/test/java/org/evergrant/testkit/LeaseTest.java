package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Lease;
import org.evergrant.MemoryStore;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.TokenSource;
import org.evergrant.TryLaterException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Leases that are not waited for, on fake time and the test's own thread. Tokens live an hour;
 * promises end at 59 min.
 */
class LeaseTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final FakeTime time = FakeTime.create();
    private final FakeMinter provider = FakeMinter.create(time);
    private final Node node =
            Node.builder()
                    .store(MemoryStore.create(time))
                    .minter(provider)
                    .time(time)
                    .executor(Runnable::run)
                    .build();
    private final TokenSource tokens =
            node.tokens(
                    App.builder(AppId.of("zoom"))
                            .tokenUrl(URI.create("https://example.com/token"))
                            .clientId("client")
                            .clientSecret(Secret.of("secret"))
                            .retention(Retention.NEWEST_ONLY)
                            .build());

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void promisedTokenIsLeasedAtOnce() {
        tokens.get();

        CompletableFuture<Lease> lease = tokens.leaseAsync(Duration.ZERO);

        assertThat(lease).isCompleted();
        assertThat(lease.join().token().generation()).isEqualTo(1);
        lease.join().close();
    }

    @Test
    void leaseThatWasWaitedForHoldsThePlannedMintBackToo() {
        Lease lease = tokens.leaseAsync(TEN_SECONDS).join();
        time.advance(Duration.ofMinutes(59));

        CompletableFuture<Lease> next = tokens.leaseAsync(TEN_SECONDS);
        time.advance(TEN_SECONDS.minusMillis(1));
        boolean early = next.isDone();
        boolean liveWhileLeased = provider.isLive(lease.token().value());
        lease.close();

        assertThat(early).isFalse();
        assertThat(liveWhileLeased).isTrue();
        assertThat(next.join().token().generation()).isEqualTo(2);
        next.join().close();
    }

    @Test
    void callersWhoWaitAreAnsweredInTheOrderTheyCame() {
        provider.hold();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int caller = i;
            CompletableFuture<Void> unused =
                    tokens.leaseAsync(TEN_SECONDS)
                            .thenAccept(lease -> {
                                order.add(caller);
                                lease.close();
                            });
        }

        provider.release();

        assertThat(order).hasSize(20).isSorted();
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void callerWhoGoesAwayLeavesNoLeaseBehind() {
        provider.hold();
        CompletableFuture<Lease> gone = tokens.leaseAsync(TEN_SECONDS);
        CompletableFuture<Lease> stays = tokens.leaseAsync(TEN_SECONDS);
        gone.cancel(false);
        provider.release();
        stays.join().close();

        time.advance(Duration.ofMinutes(59));
        CompletableFuture<Lease> next = tokens.leaseAsync(TEN_SECONDS);
        time.advance(Duration.ofSeconds(1));

        assertThat(next.join().token().generation()).isEqualTo(2);
        next.join().close();
    }

    @Test
    void callerWhoseTimeIsOverIsToldWhenToComeAgain() {
        provider.hold();
        CompletableFuture<Lease> late = tokens.leaseAsync(Duration.ofSeconds(2));

        time.advance(Duration.ofSeconds(2));

        assertThatThrownBy(late::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TryLaterException.class);
        provider.release();
    }

    @Test
    void closedNodeLeasesNothing() {
        node.close();

        assertThatThrownBy(tokens.leaseAsync(TEN_SECONDS)::join)
                .hasCauseInstanceOf(IllegalStateException.class);
    }
}
