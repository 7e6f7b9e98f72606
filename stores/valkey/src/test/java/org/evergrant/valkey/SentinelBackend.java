package org.evergrant.valkey;

import org.evergrant.servers.RedisProcess;
import org.evergrant.servers.RedisSentinels;

/** A primary with a replica, and three sentinels that change their roles. */
record SentinelBackend(RedisSentinels all) implements Replicated {
    @Override
    public String url(String options) {
        return all.url(options);
    }

    @Override
    public RedisProcess primaryOf(String key) {
        return all.primary();
    }

    @Override
    public void awaitFailover(RedisProcess old) {
        all.awaitFailover(old);
    }

    @Override
    public void rejoin(RedisProcess old) {
        all.rejoin(old);
    }

    @Override
    public void close() {
        all.close();
    }
}
