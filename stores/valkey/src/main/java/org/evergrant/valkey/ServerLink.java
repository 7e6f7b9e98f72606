package org.evergrant.valkey;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One server, named or found by asking the sentinels for the primary. A connection that broke is
 * not mended: the next one is new, and so the sentinels are asked again.
 */
final class ServerLink implements Link {
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI uri;

    ServerLink(ValkeyUrl url) {
        this.uri =
                url.kind() == ValkeyUrl.Kind.SENTINEL
                        ? sentinels(url)
                        : Client.uri(url, url.places().get(0));
        var options = Client.options(url, false);
        this.resources = Client.resources();
        this.client = RedisClient.create(resources);
        client.setOptions(options);
    }

    @Override
    public CompletableFuture<Session> connect() {
        return client.connectAsync(Commands.CODEC, uri)
                .toCompletableFuture()
                .thenApply(ServerSession::new);
    }

    @Override
    public CompletableFuture<StatefulRedisPubSubConnection<String, byte[]>> listen() {
        return client.connectPubSubAsync(Commands.CODEC, uri).toCompletableFuture();
    }

    @Override
    public void close() {
        Client.end(client, resources);
    }

    private static RedisURI sentinels(ValkeyUrl url) {
        RedisURI uri = Client.uri(url, url.places().get(0));
        uri.setSentinelMasterId(url.primary());
        for (ValkeyUrl.Place place : url.places()) {
            RedisURI.Builder sentinel =
                    RedisURI.builder()
                            .withHost(place.host())
                            .withPort(place.port())
                            .withSsl(uri)
                            .withTimeout(Client.FIRST);
            char[] password = url.sentinelPassword().reveal().toCharArray();
            if (password.length > 0) {
                sentinel.withPassword(password);
            }
            uri.getSentinels().add(sentinel.build());
        }
        return uri;
    }

    /** One connection. */
    private static final class ServerSession implements Session {
        private final StatefulRedisConnection<String, byte[]> connection;

        ServerSession(StatefulRedisConnection<String, byte[]> connection) {
            this.connection = connection;
        }

        @Override
        public void send(Collection<AsyncCommand<String, byte[], ?>> commands) {
            connection.dispatch(commands);
        }

        @Override
        public <T> CompletableFuture<Replicated<T>> sendAndWait(
                String key, Supplier<AsyncCommand<String, byte[], T>> command, int replicas) {
            return Commands.together(connection, List.of(), command.get(), replicas);
        }

        @Override
        public boolean isOpen() {
            return connection.isOpen();
        }

        @Override
        public boolean isReplaceable() {
            return true;
        }

        @Override
        public CompletableFuture<Void> close() {
            return connection.closeAsync();
        }
    }
}
