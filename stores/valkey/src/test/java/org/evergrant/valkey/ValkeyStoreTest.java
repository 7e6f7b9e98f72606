package org.evergrant.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.valkey.Samples.KEY;
import static org.evergrant.valkey.Samples.ZOOM;
import static org.evergrant.valkey.Samples.record;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.seal.SealingKey;
import org.evergrant.servers.BreakableNetwork;
import org.evergrant.servers.Cutter;
import org.evergrant.spi.Store;
import org.evergrant.testkit.StoreContract;
import org.evergrant.testkit.StoreFailure;
import org.evergrant.testkit.StoreLane;
import org.evergrant.testkit.StoreProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract on one server, and the server's ways to fail. */
class ValkeyStoreTest extends StoreContract {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private static TestServer server = TestServer.NONE;

    private String prefix = "";

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.find();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void name() {
        prefix = "contract-" + ProcessHandle.current().pid() + "-" + PREFIXES.incrementAndGet();
    }

    @Override
    protected Store open() {
        return Samples.open(url());
    }

    @Override
    protected StoreProcess otherProcess() {
        return StoreProcess.opening(ValkeyOpener.class, url());
    }

    @Override
    protected List<StoreLane> lanes(StoreFailure failure) throws Exception {
        Harm harm = new Harm(server, prefix);
        return switch (failure) {
            case CUT -> List.of(cut());
            case FULL -> List.of(lane("maxmemory, noeviction", harm::fill, harm::drain));
            case READ_ONLY ->
                    List.of(
                            lane("too few replicas", harm::wantReplicas, harm::wantNoReplicas),
                            lane("made a replica", harm::demote, harm::promote));
            case LATE -> List.of(lane("a server that pauses", harm::pause, harm::goOn), deaf());
            case NEWER_RECORD ->
                    List.of(lane("format 2", harm::writeNewerRecord, harm::putRecordBack));
            case NEWER_SCHEMA ->
                    List.of(lane("schema 2", harm::writeNewerSchema, harm::putSchemaBack));
        };
    }

    private StoreLane lane(String name, StoreLane.Step breaks, StoreLane.Step heals) {
        return StoreLane.of(name, () -> patient(url()), breaks, heals);
    }

    private StoreLane cut() throws Exception {
        BreakableNetwork proxy = server.proxy();
        Cutter cutter = new Cutter(Duration.ofMillis(3), proxy::cut);
        return StoreLane.of(
                "cut by the network", () -> patient(url(proxy)), cutter::begin, cutter::end);
    }

    private StoreLane deaf() throws Exception {
        BreakableNetwork proxy = server.proxy();
        return StoreLane.of(
                "answers that are lost", () -> patient(url(proxy)), proxy::deafen, proxy::hear);
    }

    /** With handles that wait for as short a time as the test can be patient. */
    private static Store patient(String url) {
        return ValkeyStore.builder(ValkeyUrl.parse(url))
                .seal(KEY)
                .wait(SHORT)
                .period(Duration.ofMillis(200))
                .open();
    }

    @Override
    protected Map<String, Broken> broken() {
        return Map.of(
                "closed", this::closed,
                "nobody there", ValkeyStoreTest::nobody,
                "key wrong", this::keyWrong,
                "record damaged", this::damaged,
                "another program's key", this::foreign,
                "another program's format", this::foreignFormat);
    }

    private Store closed() {
        Store store = open();
        store.close();
        return store;
    }

    private static Store nobody() throws Exception {
        try (BreakableNetwork proxy = server.proxy()) {
            return patient("redis://127.0.0.1:" + proxy.port());
        }
    }

    private Store keyWrong() {
        open().close();
        SealingKey other = SealingKey.fromText(SealingKey.newText(), "EVERGRANT_KEY");
        return ValkeyStore.open(url(), other);
    }

    private Store damaged() throws Exception {
        Store store = open();
        store.cas(ZOOM, 0, record(1));
        assertThat(server.say(prefix + ":{zoom}", "HSET", prefix + ":{zoom}", "record", "x"))
                .isEqualTo("0");
        return store;
    }

    private Store foreign() throws Exception {
        assertThat(server.say(prefix, "SET", prefix + ":{zoom}", "1")).isEqualTo("OK");
        return open();
    }

    private Store foreignFormat() throws Exception {
        assertThat(server.say(prefix, "SET", prefix + ":format", "\0")).isEqualTo("OK");
        return open();
    }

    private String url() {
        return server.url("prefix=" + prefix);
    }

    private String url(BreakableNetwork proxy) {
        return server.url(proxy, "prefix=" + prefix);
    }
}
