package org.evergrant.valkey;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a primary that sentinels know. */
class SentinelStoreTest extends ReplicatedContract {
    private static Sentinels sentinels = Sentinels.NONE;

    @BeforeAll
    static void start() throws Exception {
        sentinels = Sentinels.start();
    }

    @AfterAll
    static void stop() {
        sentinels.close();
    }

    @Override
    Replicated servers() {
        return sentinels;
    }
}
