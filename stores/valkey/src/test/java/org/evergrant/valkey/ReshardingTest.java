package org.evergrant.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.valkey.Samples.ZOOM;
import static org.evergrant.valkey.Samples.record;

import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.AppId;
import org.evergrant.servers.RedisProcess;
import org.evergrant.spi.Store;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A slot moves from one server of a cluster to another while its record is in use. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ReshardingTest {
    private static Cluster cluster = Cluster.NONE;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait-replicas=0", "wait-replicas=1"})
    void aRecordIsUsedWhileItsSlotMoves(String option) {
        AppId app = AppId.of("with-" + option.replace('=', '-'));
        String key = "evergrant:{" + app + "}";
        int slot = SlotHash.getSlot(key);
        RedisProcess from = cluster.primaryOf(key);
        RedisProcess to = cluster.anotherThan(from);
        String fromId = from.say("CLUSTER", "MYID");
        String toId = to.say("CLUSTER", "MYID");
        String url = cluster.url(option);
        try (Store store = Samples.open(url)) {
            assertThat(store.cas(app, 0, record(1))).isTrue();

            to.say("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
            from.say("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
            assertThat(store.cas(app, 1, record(2))).isTrue();
            from.say("MIGRATE", "127.0.0.1", to.port(), key, 0, 5000);
            // Now the server answers ASK.
            assertThat(store.cas(app, 2, record(3))).isTrue();
            assertThat(store.read(app).version()).isEqualTo(3);

            for (RedisProcess node : List.of(to, from)) {
                node.say("CLUSTER", "SETSLOT", slot, "NODE", toId);
            }
            // Now it answers MOVED.
            assertThat(store.cas(app, 3, record(4))).isTrue();
            assertThat(store.read(app)).isEqualTo(new Store.Versioned(4, record(4)));
        }
    }

    @Test
    void theUserOfTheGuideIsEnoughForACluster() throws Exception {
        List<Object> words =
                new ArrayList<>(List.of("ACL", "SETUSER", "evergrant", "reset", "on", ">secret"));
        words.addAll(List.of("resetchannels", "~acl:*", "&acl:changes"));
        words.addAll(AccessTest.commandsOfTheGuide(true));
        for (RedisProcess node : cluster.nodes()) {
            assertThat(node.say(words.toArray())).isEqualTo("OK");
        }
        String url = cluster.url("wait-replicas=1&prefix=acl");

        try (Store store =
                Samples.open(
                        url.replace("redis-cluster://", "redis-cluster://evergrant:secret@"))) {
            assertThat(store.cas(ZOOM, 0, record(1))).isTrue();
            assertThat(store.read(ZOOM).version()).isEqualTo(1);
            assertThat(store.now()).isNotNull();
        }
    }
}
