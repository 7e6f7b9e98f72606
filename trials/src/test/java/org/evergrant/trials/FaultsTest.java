package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.Node;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.TryLaterException;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Fault;
import org.evergrant.emulator.Retention;
import org.evergrant.jdbc.SqliteStore;
import org.evergrant.spi.AppRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad days, with the real minter, the real store and a provider that judges. */
class FaultsTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void thousandCallersOfAColdAppCauseOneMint() throws Exception {
        try (Emulator provider = provider("newest-only", 3600, 100);
                Node node = node();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            TokenSource tokens = node.tokens(Worker.app(provider.url(), "newest-only"));
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Token>> asks = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                asks.add(
                        threads.submit(() -> {
                            start.await();
                            return tokens.get();
                        }));
            }
            start.countDown();

            for (Future<Token> ask : asks) {
                assertThat(ask.get().generation()).isEqualTo(1);
            }
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void hundredReportsOfARivalsMintAreAnsweredByOneMint() throws Exception {
        try (Emulator provider = provider("newest-only", 3600, 100);
                Node node = node();
                Api api = new Api(provider.url());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            TokenSource tokens = node.tokens(Worker.app(provider.url(), "newest-only"));
            Token first = tokens.get();
            provider.rival();

            List<Future<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(
                        threads.submit(() -> {
                            assertThat(api.call(first)).isEqualTo(401);
                            tokens.reject(first);
                            return api.call(tokens.get());
                        }));
            }

            for (Future<Integer> call : calls) {
                assertThat(call.get()).isEqualTo(200);
            }
            // Ours, the rival's, and the one that answers all reports.
            assertThat(provider.state().mints()).isEqualTo(3);
        }
    }

    @Test
    void rivalCostsEachWorkerOnlyTheCallsThatWereInFlight() throws Exception {
        int workers = 16;
        try (Emulator provider = provider("newest-only", 3600, 100);
                Node node = node();
                Api api = new Api(provider.url());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            TokenSource tokens = node.tokens(Worker.app(provider.url(), "newest-only"));
            tokens.get();
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger calls = new AtomicInteger();
            List<Future<Integer>> failures = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                failures.add(
                        threads.submit(() -> {
                            int failed = 0;
                            while (!stop.get()) {
                                Token token = tokens.get();
                                if (api.call(token) == 401) {
                                    failed++;
                                    tokens.reject(token);
                                }
                                calls.incrementAndGet();
                                LockSupport.parkNanos(5_000_000);
                            }
                            return failed;
                        }));
            }
            awaitCalls(calls, 500);
            provider.rival();
            awaitCalls(calls, calls.get() + 1000);
            stop.set(true);

            for (Future<Integer> failed : failures) {
                assertThat(failed.get()).isLessThanOrEqualTo(1);
            }
            assertThat(provider.state().mints()).isEqualTo(3);
        }
    }

    @Test
    void providerDownWithinThePromiseIsNotNoticed() throws Exception {
        try (Emulator provider = provider("keep-all", 4, 0);
                Node node = node()) {
            TokenSource tokens = node.tokens(Worker.app(provider.url(), "keep-all"));
            tokens.get();
            // Renewal is due from 3.2 s on, the promise ends at 3.6 s.
            provider.fault(Fault.DROP, 1000);

            long until = System.nanoTime() + Duration.ofMillis(3500).toNanos();
            while (System.nanoTime() - until < 0) {
                long asked = System.nanoTime();
                Token token = tokens.get();
                assertThat(Duration.ofNanos(System.nanoTime() - asked).toMillis()).isLessThan(500);
                assertThat(token.isUsable(tokens.now())).isTrue();
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    @Test
    void providerThatComesBackIsServedFromWithinOneRetry() throws Exception {
        int port;
        try (Emulator away = provider("newest-only", 3600, 0)) {
            port = away.port();
        }
        String url = "http://127.0.0.1:" + port;
        try (Node node = node()) {
            TokenSource tokens = node.tokens(Worker.app(url, "newest-only"));

            assertThatThrownBy(() -> tokens.get(Duration.ZERO, Duration.ofMillis(600)))
                    .isInstanceOf(TryLaterException.class)
                    .hasMessageContaining("cannot be reached");
            try (Emulator back =
                    Emulator.builder()
                            .listen("127.0.0.1", port)
                            .retention(Retention.newestOnly())
                            .start()) {
                Token token = tokens.get(Duration.ZERO, Duration.ofSeconds(20));

                assertThat(token.generation()).isEqualTo(1);
                assertThat(back.state().mints()).isEqualTo(1);
            }
        }
    }

    @Test
    void nobodyIsHandedATokenThatALostMintKilled() throws Exception {
        try (Emulator provider = provider("newest-only", 5, 50);
                Node node = node();
                Api api = new Api(provider.url())) {
            TokenSource tokens = node.tokens(Worker.app(provider.url(), "newest-only"));
            tokens.get();
            provider.fault(Fault.LOSE_RESPONSE, 1);

            long until = System.nanoTime() + Duration.ofSeconds(13).toNanos();
            int calls = 0;
            while (System.nanoTime() - until < 0) {
                assertThat(api.call(tokens.get())).isEqualTo(200);
                calls++;
                LockSupport.parkNanos(5_000_000);
            }

            assertThat(calls).isGreaterThan(100);
            assertThat(provider.state().api401()).isZero();
            // One of them lost; the next one healed it.
            assertThat(provider.state().mints()).isEqualTo(tokens.get().generation() + 1);
        }
    }

    @Test
    void refusedIndexFallsBackToThoseThatWork() throws Exception {
        try (Emulator provider = provider("indexed:1", 5, 0);
                Node node = node();
                Api api = new Api(provider.url())) {
            TokenSource tokens = node.tokens(Worker.app(provider.url(), "indexed:5"));

            long until = System.nanoTime() + Duration.ofSeconds(13).toNanos();
            while (System.nanoTime() - until < 0) {
                assertThat(api.call(tokens.get())).isEqualTo(200);
                LockSupport.parkNanos(5_000_000);
            }

            assertThat(seen(tokens)).isEqualTo(org.evergrant.Retention.NEWEST_ONLY);
            assertThat(provider.state().api401()).isZero();
        }
    }

    @Test
    void wrongRetentionIsNoticedAndNewestOnlyActedOn() throws Exception {
        try (Emulator provider = provider("newest-only", 3, 0);
                Node node = node();
                Api api = new Api(provider.url());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            TokenSource tokens = node.tokens(Worker.app(provider.url(), "keep-all"));
            AtomicBoolean stop = new AtomicBoolean();
            List<Future<?>> holders = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                holders.add(
                        threads.submit(() -> {
                            while (!stop.get()) {
                                callAndHold(tokens, api);
                            }
                        }));
            }

            // Whoever asks often has the token renewed while others still hold the one before.
            holders.add(
                    threads.submit(() -> {
                        while (!stop.get()) {
                            tokens.get();
                            LockSupport.parkNanos(50_000_000);
                        }
                    }));
            CompletableFuture<Void> noticed =
                    CompletableFuture.runAsync(
                            () -> {
                                while (tokens.record().learned() == null && !stop.get()) {
                                    LockSupport.parkNanos(10_000_000);
                                }
                            },
                            threads);
            noticed.orTimeout(20, TimeUnit.SECONDS)
                    .handle((done, late) -> stop.getAndSet(true))
                    .get();
            for (Future<?> holder : holders) {
                holder.get();
            }

            assertThat(seen(tokens)).isEqualTo(org.evergrant.Retention.NEWEST_ONLY);
        }
    }

    private static org.evergrant.Retention seen(TokenSource tokens) {
        AppRecord.Learned learned = tokens.record().learned();
        return learned == null ? tokens.app().retention() : learned.seen();
    }

    /** A caller who keeps a token for as long as it was told, as OAuth clients do. */
    private static void callAndHold(TokenSource tokens, Api api) {
        Token token = tokens.get();
        long until = System.nanoTime() + tokens.lifeLeft(token).toNanos();
        while (System.nanoTime() - until < 0) {
            if (api.call(token) == 401) {
                tokens.reject(token);
                return;
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static void awaitCalls(AtomicInteger calls, int many) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (calls.get() < many) {
            assertThat(System.nanoTime() - deadline).isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Emulator provider(String retention, int lifeSeconds, int latencyMs) {
        return Emulator.builder()
                .retention(Retention.parse(retention))
                .lifetime(Duration.ofSeconds(lifeSeconds))
                .latency(Duration.ofMillis(latencyMs))
                .start();
    }

    private Node node() {
        return Node.builder().store(SqliteStore.open(folder.resolve("evergrant.db"))).build();
    }
}
