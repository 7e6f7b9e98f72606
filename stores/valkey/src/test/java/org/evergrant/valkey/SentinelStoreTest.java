package org.evergrant.valkey;

import java.util.Objects;
import org.evergrant.servers.RedisSentinels;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a primary that sentinels know. */
class SentinelStoreTest extends ReplicatedContract {
    private static @Nullable SentinelBackend sentinels;

    @BeforeAll
    static void start() throws Exception {
        sentinels = new SentinelBackend(RedisSentinels.start());
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(sentinels).close();
    }

    @Override
    Replicated servers() {
        return Objects.requireNonNull(sentinels);
    }
}
