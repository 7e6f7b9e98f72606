package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.evergrant.AppId;
import org.evergrant.seal.SealingKey;
import org.evergrant.servers.RedisProcess;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.valkey.ValkeyStore;
import org.junit.jupiter.api.Test;

/** The scribe misses nothing of what a real server does. */
class ValkeyScribeTest {
    private static final AppId ZOOM = AppId.of("zoom");
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final SealingKey KEY = SealingKey.fromText(SealingKey.newText(), "the test");

    private final ValkeyScribe scribe = new ValkeyScribe();

    @Test
    void everyVersionIsKept() throws Exception {
        List<AppRecord> written = new ArrayList<>(List.of(AppRecord.EMPTY));
        try (RedisProcess server = RedisProcess.start();
                Store store = ValkeyStore.open(server.url(), KEY);
                ValkeyScribe listening = scribe) {
            listening.listenTo(server);
            for (int version = 0; version < 100; version++) {
                AppRecord next = claimedBy("node-" + version);
                assertThat(store.cas(ZOOM, version, next)).isTrue();
                written.add(next);
            }

            Await.until(
                    "it has heard all",
                    Duration.ofSeconds(10),
                    () -> listening.versions(ZOOM, KEY).equals(written));
        }
    }

    @Test
    void writeThatAFailoverLostIsTakenOut() {
        hear(1, 1, "one");
        hear(2, 2, "lost");
        // The replica repeats what it has, and gives the number of the other out again.
        hear(3, 1, "one");
        hear(4, 2, "two");

        assertThat(scribe.versions(ZOOM, KEY))
                .containsExactly(AppRecord.EMPTY, claimedBy("one"), claimedBy("two"));
    }

    private void hear(int second, int version, String stamp) {
        StringBuilder bytes = new StringBuilder();
        for (byte each : RecordCodec.sealedBy(KEY).encode(ZOOM, claimedBy(stamp))) {
            bytes.append(String.format(Locale.ROOT, "\\x%02x", each));
        }
        scribe.hear(
                String.format(
                        Locale.ROOT,
                        "%d.000000 [0 lua] \"HSET\" \"evergrant:{zoom}\" \"schema\" \"1\""
                                + " \"version\" \"%d\" \"stamp\" \"%s\" \"record\" \"%s\"",
                        second,
                        version,
                        stamp,
                        bytes));
    }

    private static AppRecord claimedBy(String node) {
        return new AppRecord(
                0,
                List.of(),
                new Claim(node, 0, NOW, NOW.plusSeconds(3), false, false),
                null,
                List.of(),
                0,
                null);
    }
}
