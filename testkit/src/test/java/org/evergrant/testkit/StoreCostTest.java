package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MemoryStore;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.testkit.CountingStore.Counts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers, apps and nodes cost the store. Hours of fake time; tokens live for one. */
class StoreCostTest {
    private static final Duration TICK = Duration.ofSeconds(5);

    private final World world = new World();

    @AfterEach
    void closeNodes() {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"newest-only", "keep-all"})
    void callsOfTheStoreDoNotGrowWithCallersAndCalls(String retention) {
        Counts ofOne = hours(retention, 1);
        Counts ofMany = hours(retention, 100);

        assertThat(ofOne.calls()).isPositive();
        assertThat(ofMany).isEqualTo(ofOne);
    }

    @Test
    void nodeNeitherAsksTheStoreAboutItsOwnMintNorWhereNobodyWaits() {
        TokenSource minting = world.node().tokens(app(0, "newest-only"));
        TokenSource watching = world.node().tokens(app(0, "newest-only"));
        CompletableFuture<Token> first = minting.getAsync();
        Token known = watching.getAsync().join();
        world.time.advance(Duration.ofMinutes(59));
        world.provider.hold();
        CompletableFuture<Token> next = minting.getAsync();
        world.time.advance(Duration.ofSeconds(2));
        Counts before = world.counts();

        world.time.advance(Duration.ofSeconds(7));
        Counts meanwhile = world.counts().since(before);
        world.provider.release();

        assertThat(first).isCompletedWithValue(known);
        assertThat(meanwhile.reads()).isZero();
        assertThat(next.join().generation()).isEqualTo(2);
        assertThat(watching.getAsync().join()).isEqualTo(next.join());
    }

    @Test
    void callersWhoWaitForALongMintOfAnotherNodeCostFewReads() {
        TokenSource minting = world.node().tokens(app(0, "newest-only"));
        TokenSource waiting = world.node().tokens(app(0, "newest-only"));
        world.provider.hold();
        CompletableFuture<Token> first = minting.getAsync();
        CompletableFuture<Token> second = waiting.getAsync(Duration.ZERO, Duration.ofSeconds(20));
        Counts before = world.counts();

        world.time.advance(Duration.ofSeconds(8));
        Counts cost = world.counts().since(before);
        world.provider.release();

        assertThat(cost.reads()).isBetween(5L, 20L);
        assertThat(second.join()).isEqualTo(first.join());
    }

    /** On the system's time and the node's own threads: none of them waits for an app. */
    @Test
    void threadsAreAFixedFewHoweverManyAppsAreInUse() {
        try (Node node =
                Node.builder().store(MemoryStore.create()).minter(world.provider).build()) {
            List<CompletableFuture<Token>> asks =
                    IntStream.range(0, 2_000)
                            .mapToObj(app -> node.tokens(app(app, "newest-only")).getAsync())
                            .toList();
            asks.forEach(CompletableFuture::join);

            // Sixteen workers and the timer's.
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("evergrant-"))
                    .hasSizeBetween(1, 17);
        }
    }

    @Test
    void nodeAloneNeverReadsWhatItWroteItself() {
        TokenSource tokens = world.node().tokens(app(0, "keep-all"));
        tokens.get();
        Counts before = world.counts();

        ask(world, List.of(tokens), 1, Duration.ofHours(10));
        Counts cost = world.counts().since(before);

        assertThat(world.provider.count()).isGreaterThan(10);
        assertThat(cost.writes()).isEqualTo(2L * (world.provider.count() - 1));
        assertThat(cost.reads()).isZero();
    }

    @Test
    void appsInUseTakeOneTimerAndTheOthersNone() {
        Node node = world.node();
        List<TokenSource> sources =
                IntStream.range(0, 1000)
                        .mapToObj(number -> node.tokens(app(number, "keep-all")))
                        .toList();
        assertThat(world.time.timers()).isZero();

        sources.subList(0, 100).forEach(TokenSource::get);

        assertThat(world.time.timers()).isEqualTo(100);
    }

    /** Returns what three hours cost after the first, on three nodes of a world of their own. */
    private static Counts hours(String retention, int callers) {
        try (World world = new World()) {
            List<TokenSource> sources = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sources.add(world.node().tokens(app(0, retention)));
            }
            ask(world, sources, callers, Duration.ofHours(1));
            Counts before = world.counts();
            ask(world, sources, callers, Duration.ofHours(3));
            return world.counts().since(before);
        }
    }

    private static void ask(World world, List<TokenSource> sources, int callers, Duration howLong) {
        for (long tick = 0; tick < howLong.dividedBy(TICK); tick++) {
            for (TokenSource source : sources) {
                for (int caller = 0; caller < callers; caller++) {
                    CompletableFuture<Token> unused = source.getAsync();
                }
            }
            world.time.advance(TICK);
        }
    }

    private static App app(int number, String retention) {
        return App.builder(AppId.of("app-" + number))
                .tokenUrl(URI.create("https://provider.example/token"))
                .clientId("client-" + number)
                .clientSecret(Secret.of("secret"))
                .retention(Retention.parse(retention))
                .build();
    }

    /** Nodes on one store, all on the test's own thread. */
    private static final class World implements AutoCloseable {
        private final FakeTime time = FakeTime.create();
        private final FakeMinter provider = FakeMinter.create(time);
        private final MemoryStore records = MemoryStore.create(time);
        private final List<CountingStore> stores = new ArrayList<>();
        private final List<Node> nodes = new ArrayList<>();

        Node node() {
            CountingStore store = new CountingStore(records.another());
            Node node =
                    Node.builder()
                            .store(store)
                            .minter(provider)
                            .executor(Runnable::run)
                            .time(time)
                            .build();
            stores.add(store);
            nodes.add(node);
            return node;
        }

        Counts counts() {
            return stores.stream()
                    .map(CountingStore::counts)
                    .reduce(new Counts(0, 0, 0, 0, 0), Counts::plus);
        }

        @Override
        public void close() {
            provider.release();
            nodes.forEach(Node::close);
        }
    }
}
