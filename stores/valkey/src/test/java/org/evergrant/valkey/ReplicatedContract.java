package org.evergrant.valkey;

import static org.evergrant.valkey.Samples.KEY;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.servers.RedisProcess;
import org.evergrant.spi.Store;
import org.evergrant.testkit.StoreContract;
import org.evergrant.testkit.StoreFailure;
import org.evergrant.testkit.StoreLane;
import org.evergrant.testkit.StoreProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * The contract on servers of which one takes over from another. Connections are cut, and answers
 * late, by such a failover; because it may lose what no replica has, every write waits for one.
 */
@Timeout(120)
abstract class ReplicatedContract extends StoreContract {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private String prefix = "";

    /** Returns the servers, which are started once for all tests. */
    abstract Replicated servers();

    @BeforeEach
    void name() {
        prefix = "contract-" + PREFIXES.incrementAndGet();
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
    protected List<StoreLane> lanes(StoreFailure failure) {
        Harm harm = new Harm(servers(), prefix);
        RedisProcess primary = servers().primaryOf(prefix + ":{ordeal}");
        return switch (failure) {
            case CUT -> List.of(failover("killed", primary, primary::kill, primary::restart));
            case LATE -> List.of(failover("frozen", primary, primary::freeze, primary::thaw));
            case FULL -> List.of(lane("maxmemory, noeviction", harm::fill, harm::drain));
            case READ_ONLY ->
                    List.of(lane("too few replicas", harm::wantReplicas, harm::wantNoReplicas));
            case NEWER_RECORD ->
                    List.of(lane("format 2", harm::writeNewerRecord, harm::putRecordBack));
            case NEWER_SCHEMA ->
                    List.of(lane("schema 2", harm::writeNewerSchema, harm::putSchemaBack));
        };
    }

    private StoreLane failover(
            String how, RedisProcess primary, StoreLane.Step begin, StoreLane.Step end) {
        return lane(
                "the primary is " + how + " and the replica takes over",
                () -> {
                    begin.run();
                    servers().awaitFailover(primary);
                },
                () -> {
                    end.run();
                    servers().rejoin(primary);
                });
    }

    private StoreLane lane(String name, StoreLane.Step breaks, StoreLane.Step heals) {
        return StoreLane.of(name, this::patient, breaks, heals);
    }

    private Store patient() {
        return ValkeyStore.builder(ValkeyUrl.parse(url())).seal(KEY).wait(SHORT).open();
    }

    private String url() {
        return servers().url("wait-replicas=1&prefix=" + prefix);
    }
}
