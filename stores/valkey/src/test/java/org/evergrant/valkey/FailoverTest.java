package org.evergrant.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.valkey.Samples.ZOOM;
import static org.evergrant.valkey.Samples.record;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Node;
import org.evergrant.Secret;
import org.evergrant.StoreException;
import org.evergrant.Token;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.FakeMinter;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a failover loses, and what becomes of it. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class FailoverTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final App APP =
            App.zoom(AppId.of("zoom"))
                    .accountId("account")
                    .clientId("client")
                    .clientSecret(Secret.of("secret"))
                    .build();

    private Pair pair;

    @BeforeEach
    void start() throws Exception {
        pair = Pair.start();
    }

    @AfterEach
    void stop() throws Exception {
        pair.close();
    }

    @Test
    void whatNoReplicaHasIsGone() throws Exception {
        try (Store store = Samples.open(pair.url(""))) {
            store.cas(ZOOM, 0, record(1));
            pair.awaitReplica();
            pair.sever();
            assertThat(store.cas(ZOOM, 1, record(2))).isTrue();

            pair.failOver();

            Await.until("the store is back", SOON, () -> reads(store, 1));
            assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(1, record(1)));
        }
    }

    @Test
    void aVersionThatIsGivenOutTwiceIsNotTakenForTheFirst() throws Exception {
        try (Store before = Samples.open(pair.url(""));
                Store after = Samples.open(pair.url(""))) {
            before.cas(ZOOM, 0, record(1));
            pair.awaitReplica();
            pair.sever();
            assertThat(before.cas(ZOOM, 1, record(2))).isTrue();
            pair.failOver();
            Await.until("the store is back", SOON, () -> reads(after, 1));
            assertThat(after.cas(ZOOM, 1, record(22))).isTrue();

            Await.until("the other is back", SOON, () -> answers(before));
            assertThat(before.cas(ZOOM, 2, record(3))).isFalse();

            assertThat(before.read(ZOOM)).isEqualTo(new Store.Versioned(2, record(22)));
            assertThat(before.cas(ZOOM, 2, record(3))).isTrue();
        }
    }

    @Test
    void aWatchHearsThatTheRecordWentBack() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (Store store = Samples.open(pair.url(""));
                Store.Watch watch = store.watch(ZOOM, calls::incrementAndGet)) {
            store.cas(ZOOM, 0, record(1));
            pair.awaitReplica();
            pair.sever();
            store.cas(ZOOM, 1, record(2));
            Await.until("its own writes were told", SOON, () -> calls.get() >= 2);
            int before = calls.get();

            pair.failOver();

            Await.until("it was called", SOON, () -> calls.get() > before);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void withWaitReplicasAWriteThatNoReplicaHasIsNotAcknowledged() throws Exception {
        try (Store store = Samples.open(pair.url("wait-replicas=1"))) {
            assertThat(store.cas(ZOOM, 0, record(1))).isTrue();
            pair.sever();

            assertThatThrownBy(() -> store.cas(ZOOM, 1, record(2)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("on 0 replicas (expected: 1, as wait-replicas says)");

            pair.failOver();
            Await.until("the store is back", SOON, () -> refuses(store));
            assertThatThrownBy(() -> store.read(ZOOM))
                    .as("the new primary has no replica yet")
                    .isInstanceOf(StoreException.class);
        }
        try (Store another = Samples.open(pair.url(""))) {
            assertThat(another.read(ZOOM)).isEqualTo(new Store.Versioned(1, record(1)));
        }
    }

    @Test
    void aReadAfterSuchAWriteWaitsForTheReplicaToo() throws Exception {
        try (Store store = Samples.open(pair.url("wait-replicas=1"))) {
            store.cas(ZOOM, 0, record(1));
            pair.sever();
            assertThatThrownBy(() -> store.cas(ZOOM, 1, record(2)))
                    .isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> store.read(ZOOM)).isInstanceOf(StoreException.class);

            pair.join();

            assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(2, record(2)));
            assertThat(store.cas(ZOOM, 2, record(3))).isTrue();
        }
    }

    @Test
    void aNodeThatSawALostTokenPutsItBack() throws Exception {
        try (FakeMinter provider = FakeMinter.create(InstantSource.system());
                Node saw = node(provider)) {
            Token token = saw.tokens(APP).get();
            pair.awaitReplica();
            pair.sever();
            provider.revoke(token.value());
            saw.tokens(APP).reject(token);
            Token second = saw.tokens(APP).get();
            assertThat(second.generation()).isEqualTo(2);

            pair.failOver();

            try (Store store = Samples.open(pair.url(""))) {
                Await.until(
                        "the token is back",
                        SOON,
                        () ->
                                store.read(APP.recordId())
                                        .record()
                                        .newest()
                                        .equals(Optional.of(second)));
            }
            assertThat(saw.tokens(APP).get()).isEqualTo(second);
            assertThat(provider.count()).isEqualTo(2);
        }
    }

    private Node node(FakeMinter provider) {
        return Node.builder().store(Samples.open(pair.url(""))).minter(provider).build();
    }

    private static boolean reads(Store store, long version) {
        try {
            return store.read(ZOOM).version() == version;
        } catch (StoreException notYet) {
            return false;
        }
    }

    private static boolean answers(Store store) {
        try {
            return store.now() != null;
        } catch (StoreException notYet) {
            return false;
        }
    }

    private static boolean refuses(Store store) {
        try {
            store.read(ZOOM);
            return false;
        } catch (StoreException refused) {
            return String.valueOf(refused.getMessage()).contains("on 0 replicas");
        }
    }
}
