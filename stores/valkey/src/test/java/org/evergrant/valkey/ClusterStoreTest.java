package org.evergrant.valkey;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a cluster. */
class ClusterStoreTest extends ReplicatedContract {
    private static Cluster cluster = Cluster.NONE;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    Replicated servers() {
        return cluster;
    }
}
