package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
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
import org.evergrant.spi.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a node makes of the news that a watch brings: it takes over what is surely further than what
 * it has seen, and reads the record in every other case.
 */
class NewsTest {
    private static final AppId ZOOM = AppId.of("zoom");

    private final FakeTime time = FakeTime.create();
    private final FakeMinter provider = FakeMinter.create(time);
    private final MemoryStore memory = MemoryStore.create(time);
    private final Withheld withheld = new Withheld(memory.another());
    private final CountingStore store = new CountingStore(withheld);
    private final List<Node> nodes = new ArrayList<>();
    private final TokenSource others = node(memory).tokens(app());
    private final TokenSource tokens = node(store).tokens(app());

    @AfterEach
    void closeNodes() {
        provider.release();
        nodes.forEach(Node::close);
    }

    @Test
    void whatAnotherNodeMintedIsHandedOutWithoutARead() {
        tokens.get();
        withheld.tellAll();
        long before = store.counts().reads();

        Token renewed = others.renewAsync(Duration.ofSeconds(5)).join();
        withheld.tellAll();

        assertThat(tokens.get()).isEqualTo(renewed);
        assertThat(store.counts().reads()).isEqualTo(before);
    }

    @Test
    void callerWhoWaitsForAnotherNodesMintHasItByTheNewsAlone() {
        tokens.get();
        provider.hold();
        CompletableFuture<Token> minting = others.renewAsync(Duration.ofSeconds(5));
        tokens.reject(tokens.get());
        withheld.tellAll();
        CompletableFuture<Token> waiting = tokens.getAsync();
        long before = store.counts().reads();

        provider.release();
        withheld.tellAll();

        assertThat(waiting).isCompletedWithValue(minting.join());
        assertThat(store.counts().reads()).isEqualTo(before);
    }

    @Test
    void newsThatComeLateChangeNothing() {
        tokens.get();
        others.renewAsync(Duration.ofSeconds(5)).join();
        List<Runnable> late = withheld.take();
        Token renewed = others.renewAsync(Duration.ofSeconds(5)).join();
        withheld.tellAll();
        assertThat(tokens.get()).isEqualTo(renewed);
        long before = store.counts().reads();

        late.forEach(Runnable::run);

        assertThat(tokens.get()).isEqualTo(renewed);
        assertThat(store.counts().reads()).isGreaterThan(before);
    }

    @Test
    void newsOfARecordThatHasGoneBackAreNotBelieved() {
        Token token = tokens.get();

        withheld.say(() -> new Store.Versioned(99, AppRecord.EMPTY));

        assertThat(tokens.get()).isEqualTo(token);
        assertThat(tokens.record().tokens()).containsExactly(token);
    }

    @Test
    void newsThatCannotBeReadHaveTheRecordRead() {
        tokens.get();
        Token renewed = others.renewAsync(Duration.ofSeconds(5)).join();
        long before = store.counts().reads();

        withheld.say(() -> {
            throw new StoreException("the news are damaged");
        });

        assertThat(tokens.get()).isEqualTo(renewed);
        assertThat(store.counts().reads()).isEqualTo(before + 1);
    }

    @Test
    void newsOfAnAppThatNobodyUsesAreNotKept() {
        tokens.get();
        time.advance(Duration.ofHours(2));
        long before = store.counts().reads();

        others.renewAsync(Duration.ofSeconds(5)).join();
        withheld.tellAll();

        assertThat(tokens.record()).isEqualTo(AppRecord.EMPTY);
        assertThat(store.counts().reads()).isEqualTo(before);
    }

    private Node node(Store store) {
        Node node =
                Node.builder()
                        .store(store)
                        .minter(provider)
                        .executor(Runnable::run)
                        .time(time)
                        .build();
        nodes.add(node);
        return node;
    }

    private static App app() {
        return App.builder(ZOOM)
                .tokenUrl(URI.create("https://provider.example/token"))
                .clientId("client")
                .clientSecret(Secret.of("secret"))
                .retention(Retention.KEEP_ALL)
                .build();
    }

    /** A store whose watches tell what they heard when they are asked to. */
    private static final class Withheld implements Store {
        private final Store inner;
        private final List<Runnable> calls = new ArrayList<>();
        private final List<Listener> listeners = new ArrayList<>();

        Withheld(Store inner) {
            this.inner = inner;
        }

        List<Runnable> take() {
            List<Runnable> taken = List.copyOf(calls);
            calls.clear();
            return taken;
        }

        void tellAll() {
            take().forEach(Runnable::run);
        }

        /** Has the listeners hear this, in place of what they would have heard. */
        void say(Supplier<Versioned> news) {
            calls.clear();
            listeners.forEach(listener -> listener.changed(news));
        }

        @Override
        public Watch watch(AppId app, Listener listener) {
            listeners.add(listener);
            return inner.watch(
                    app,
                    new Listener() {
                        @Override
                        public void changed() {
                            calls.add(listener::changed);
                        }

                        @Override
                        public void changed(Supplier<Versioned> news) {
                            calls.add(() -> listener.changed(news));
                        }
                    });
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
        public Instant now() {
            return inner.now();
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
