package org.evergrant.valkey;

import java.io.IOException;
import org.evergrant.servers.RawRedis;
import org.evergrant.servers.RedisProcess;

/** Servers of which one takes over from another. */
interface Replicated extends Backend {

    /** Returns the server that holds {@code key} now. */
    RedisProcess primaryOf(String key);

    /** Waits until another server has taken over from {@code old}. */
    void awaitFailover(RedisProcess old);

    /** Waits until {@code old}, which is up again, follows the one that took over. */
    void rejoin(RedisProcess old);

    @Override
    default RawRedis raw(String key) throws IOException {
        return primaryOf(key).raw();
    }
}
