package org.evergrant.valkey;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;

/** Opens connections to what a {@link ValkeyUrl} names. */
interface Link extends AutoCloseable {

    /** Opens one that carries commands. */
    CompletableFuture<? extends Session> connect();

    /** Opens one that hears what is published. */
    CompletableFuture<? extends StatefulRedisPubSubConnection<String, byte[]>> listen();

    /** Ends all connections and threads. */
    @Override
    void close();

    /** Returns the link to what {@code url} names. */
    static Link to(ValkeyUrl url) {
        return url.kind() == ValkeyUrl.Kind.CLUSTER ? new ClusterLink(url) : new ServerLink(url);
    }
}
