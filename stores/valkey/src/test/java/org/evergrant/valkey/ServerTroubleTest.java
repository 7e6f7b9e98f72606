package org.evergrant.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.valkey.Samples.KEY;
import static org.evergrant.valkey.Samples.ZOOM;
import static org.evergrant.valkey.Samples.record;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.evergrant.AppId;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.servers.RawRedis;
import org.evergrant.servers.RedisProcess;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.Ear;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens to a server while it is in use. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ServerTroubleTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private RedisProcess server;

    @BeforeEach
    void start() throws Exception {
        server = RedisProcess.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void scriptsThatTheServerForgotAreSentAgain() {
        try (Store store = Samples.open(server.url())) {
            assertThat(store.cas(ZOOM, 0, record(1))).isTrue();
            server.say("SCRIPT", "FLUSH");

            assertThat(store.cas(ZOOM, 1, record(2))).isTrue();

            assertThat(store.read(ZOOM).version()).isEqualTo(2);
        }
    }

    @Test
    void aServerThatIsKilledAndComesBackHasWhatItAcknowledged() throws Exception {
        AtomicLong seen = new AtomicLong();
        try (Store store = Samples.open(server.url());
                Store.Watch watch = store.watch(ZOOM, () -> seen.set(store.read(ZOOM).version()))) {
            store.cas(ZOOM, 0, record(1));
            server.kill();
            assertThatThrownBy(() -> store.cas(ZOOM, 1, record(2)))
                    .isInstanceOf(StoreException.class);
            server.restart();

            Await.until("it is used again", SOON, () -> writes(store, 1, 2));

            try (Store other = Samples.open(server.url())) {
                assertThat(other.read(ZOOM)).isEqualTo(new Store.Versioned(2, record(2)));
                other.cas(ZOOM, 2, record(3));
            }
            Await.until("the watch goes on", SOON, () -> seen.get() == 3);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void whileTheServerIsAwayCallsAreRefusedAtOnce() throws Exception {
        try (Store store = Samples.open(server.url())) {
            store.cas(ZOOM, 0, record(1));
            server.kill();
            long begin = System.nanoTime();

            for (int i = 0; i < 1000; i++) {
                assertThatThrownBy(() -> store.read(ZOOM)).isInstanceOf(StoreException.class);
            }

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
        }
    }

    @Test
    void aRecordThatVanishedIsTakenForOneThatNeverWas() {
        try (Store store = Samples.open(server.url())) {
            store.cas(ZOOM, 0, record(1));
            server.say("DEL", "evergrant:{zoom}");

            assertThat(store.cas(ZOOM, 1, record(2))).isFalse();

            assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(0, AppRecord.EMPTY));
            assertThat(store.cas(ZOOM, 0, record(3))).isTrue();
        }
    }

    @Test
    void aRecordIsKeptForFortyDaysBeyondWhatItNames() {
        try (Store store = Samples.open(server.url())) {
            Duration life = Duration.between(Instant.now(), record(1).tokens().get(0).expiresAt());
            store.cas(ZOOM, 0, record(1));
            assertThat(kept()).isBetween(life.plusDays(39), life.plusDays(41));
            server.say("PEXPIRE", "evergrant:{zoom}", 60_000);

            store.cas(ZOOM, 1, AppRecord.EMPTY);

            assertThat(kept()).isBetween(Duration.ofDays(39), Duration.ofDays(40));
            assertThat(server.say("PTTL", "evergrant:format")).isEqualTo("-1");
        }
    }

    @Test
    void aChangeIsHeardThoughTheSubscriptionWasCut() {
        AtomicLong seen = new AtomicLong();
        try (Store store = quiet(server.url());
                Store other = Samples.open(server.url());
                Store.Watch watch = store.watch(ZOOM, () -> seen.set(store.read(ZOOM).version()))) {
            awaitSubscription();
            for (int version = 0; version < 5; version++) {
                int next = version + 1;
                server.say("CLIENT", "KILL", "TYPE", "pubsub");
                other.cas(ZOOM, version, record(next));

                Await.until("version " + next + " was seen", SOON, () -> seen.get() == next);
            }
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void whatWasWrittenIsBroughtAlongUnlessItIsLarge() {
        Ear ear = new Ear();
        try (Store store = quiet(server.url());
                Store other = Samples.open(server.url());
                Store.Watch watch = store.watch(ZOOM, ear)) {
            awaitSubscription();
            other.cas(ZOOM, 0, record(1));
            Await.until("it was heard", SOON, () -> ear.calls() > 0);
            assertThat(ear.news()).containsExactly(new Store.Versioned(1, record(1)));

            List<Instant> spent = Collections.nCopies(1000, Instant.EPOCH);
            other.cas(ZOOM, 1, new AppRecord(2, List.of(), null, null, spent, 0, null));

            Await.until("it was heard", SOON, () -> ear.calls() > 1);
            assertThat(ear.news()).hasSize(1);
            assertThat(store.read(ZOOM).record().spent()).isEqualTo(spent);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void ownWritesAreToldOnceThoughTheServerTellsThemToo() {
        Ear ear = new Ear();
        try (Store store = quiet(server.url());
                Store other = Samples.open(server.url());
                Store.Watch watch = store.watch(ZOOM, ear)) {
            awaitSubscription();
            for (int version = 0; version < 100; version++) {
                store.cas(ZOOM, version, record(version + 1));
            }
            other.cas(ZOOM, 100, record(101));

            Await.until("the other's was heard", SOON, () -> ear.news().size() == 1);
            assertThat(ear.calls()).isEqualTo(101);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void whatSomebodyElseSaysOnTheChannelIsNotBelieved() {
        Ear ear = new Ear();
        try (Store store = quiet(server.url());
                Store other = Samples.open(server.url());
                Store.Watch watch = store.watch(ZOOM, ear)) {
            awaitSubscription();
            for (String said :
                    List.of(
                            "",
                            "\n",
                            "mark 1 zoom AAAA",
                            "mark 9 zoom AAAA\n\u0001forged",
                            "mark 9 zoom A\n\u0001forged",
                            "mark 99999999999999999999 zoom AAAA\nx",
                            "mark 1 ../zoom AAAA\nx",
                            "a b c d e\nx",
                            "\u0000")) {
                server.say("PUBLISH", "evergrant:changes", said);
            }
            other.cas(ZOOM, 0, record(1));

            Await.until("the write was heard", SOON, () -> !ear.news().isEmpty());
            assertThat(ear.news()).containsExactly(new Store.Versioned(1, record(1)));
            assertThat(store.cas(ZOOM, 1, record(2))).isTrue();
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void aChangeOfWhichNobodySpokeIsSeen() {
        AtomicInteger calls = new AtomicInteger();
        try (ValkeyStore store =
                        ValkeyStore.builder(ValkeyUrl.parse(server.url()))
                                .seal(KEY)
                                .period(Duration.ofMillis(100))
                                .open();
                Store.Watch watch = store.watch(ZOOM, calls::incrementAndGet)) {
            store.cas(ZOOM, 0, record(1));
            awaitSubscription();
            int before = calls.get();

            server.say("HSET", "evergrant:{zoom}", "stamp", "lost");

            Await.until("it was seen", SOON, () -> calls.get() > before);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void manyWatchesCostOneSubscriptionAndTwoConnections() {
        try (Store store = quiet(server.url())) {
            store.watch(ZOOM, () -> {});
            awaitSubscription();
            for (int i = 0; i < 200; i++) {
                store.watch(AppId.of("app-" + i), () -> {});
            }

            assertThat(server.say("PUBSUB", "NUMSUB", "evergrant:changes"))
                    .isEqualTo("[evergrant:changes, 1]");
            assertThat(server.say("INFO", "clients")).contains("connected_clients:3\r\n");
            assertThat(server.say("INFO", "commandstats")).doesNotContain("calls=200,");
        }
    }

    @Test
    void theFirstKeyIsTheKey() {
        Samples.open(server.url()).close();

        assertThatThrownBy(() ->
                        ValkeyStore.open(
                                server.url(),
                                org.evergrant.seal.SealingKey.fromText(
                                        org.evergrant.seal.SealingKey.newText(), "store-key")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("does not open: sealed with the key " + KEY.id())
                .hasMessageContaining("but store-key has the key");
    }

    @Test
    void aServerThatEvictsIsWarnedOf() {
        List<String> logged = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger("org.evergrant.store");
        Handler handler = new Noting(logged);
        logger.addHandler(handler);
        try {
            Samples.open(server.url()).close();
            assertThat(logged).isEmpty();
            server.say("CONFIG", "SET", "maxmemory-policy", "volatile-lru");

            Samples.open(server.url()).close();

            assertThat(logged)
                    .singleElement()
                    .asString()
                    .contains("has maxmemory-policy volatile-lru (expected: noeviction;");
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void noTokenLiesReadable() throws Exception {
        try (Store store = Samples.open(server.url());
                RawRedis raw = server.raw()) {
            store.cas(ZOOM, 0, record(1));

            String all = raw.text("HGETALL", "evergrant:{zoom}");

            assertThat(all).contains("stamp").doesNotContain(NothingLeft.CANARY);
        }
    }

    /** Looks at nothing by itself. */
    private static ValkeyStore quiet(String url) {
        return ValkeyStore.builder(ValkeyUrl.parse(url))
                .seal(KEY)
                .period(Duration.ofDays(1))
                .open();
    }

    /**
     * Waits for the first look as well, which would find what is written meanwhile: it ends with
     * another SUBSCRIBE.
     */
    private void awaitSubscription() {
        Await.until(
                "it is subscribed",
                SOON,
                () -> server.say("PUBSUB", "NUMSUB", "evergrant:changes").endsWith(" 1]"));
        Await.until(
                "it has looked",
                SOON,
                () -> !server.say("INFO", "commandstats").contains("cmdstat_subscribe:calls=1,"));
    }

    private Duration kept() {
        return Duration.ofMillis(Long.parseLong(server.say("PTTL", "evergrant:{zoom}")));
    }

    private static boolean writes(Store store, long version, long generation) {
        try {
            Store.Versioned now = store.read(ZOOM);
            return now.version() == version
                    ? store.cas(ZOOM, version, record(generation))
                    : now.version() > version;
        } catch (StoreException notYet) {
            return false;
        }
    }

    /** Keeps what is logged. */
    private static final class Noting extends Handler {
        private final List<String> messages;

        Noting(List<String> messages) {
            this.messages = messages;
        }

        @Override
        public void publish(LogRecord logged) {
            messages.add(logged.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
