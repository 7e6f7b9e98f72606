package org.evergrant.valkey;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.evergrant.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * A cluster. Lettuce knows which server holds which slot, follows redirections (a command that is
 * redirected was not carried out) and mends connections by itself.
 */
final class ClusterLink implements Link {
    /** A failover that nobody noticed otherwise is noticed within this. */
    private static final Duration TOPOLOGY = Duration.ofSeconds(10);

    /** At most one look at the topology in this time, however many failures ask for one. */
    private static final Duration TOPOLOGY_PAUSE = Duration.ofSeconds(1);

    private static final int MOST_REDIRECTIONS = 3;
    private static final Pattern REDIRECTION =
            Pattern.compile("(MOVED|ASK) [0-9]+ (.+):([0-9]{1,5})");

    private final ClientResources resources;
    private final RedisClusterClient client;

    ClusterLink(ValkeyUrl url) {
        var topology =
                ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY)
                        .adaptiveRefreshTriggersTimeout(TOPOLOGY_PAUSE)
                        .refreshTriggersReconnectAttempts(1)
                        .build();
        var options =
                ClusterClientOptions.builder(Client.options(url, true))
                        .topologyRefreshOptions(topology)
                        .validateClusterNodeMembership(false)
                        .maxRedirects(MOST_REDIRECTIONS)
                        .build();
        List<RedisURI> uris = url.places().stream().map(place -> Client.uri(url, place)).toList();
        this.resources = Client.resources();
        this.client = RedisClusterClient.create(resources, uris);
        client.setOptions(options);
    }

    @Override
    public CompletableFuture<Session> connect() {
        return client.refreshPartitionsAsync()
                .thenCompose(known -> client.connectAsync(Commands.CODEC))
                .toCompletableFuture()
                .thenCompose(connection -> new ClusterSession(connection).ready());
    }

    @Override
    public CompletableFuture<? extends StatefulRedisPubSubConnection<String, byte[]>> listen() {
        return client.connectPubSubAsync(Commands.CODEC).toCompletableFuture();
    }

    @Override
    public void close() {
        Client.end(client, resources);
    }

    /** The connections to all servers. */
    private static final class ClusterSession implements Session {
        private final StatefulRedisClusterConnection<String, byte[]> connection;

        ClusterSession(StatefulRedisClusterConnection<String, byte[]> connection) {
            this.connection = connection;
        }

        /**
         * Completes with this session once every primary is connected or cannot be reached: a
         * redirection to one whose connection is not there yet would be refused.
         */
        CompletableFuture<Session> ready() {
            CompletableFuture<?>[] primaries =
                    connection.getPartitions().stream()
                            .filter(node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM))
                            .map(this::server)
                            .map(opening -> opening.handle((server, failure) -> failure == null))
                            .toArray(CompletableFuture[]::new);
            return CompletableFuture.allOf(primaries).thenApply(done -> this);
        }

        /**
         * Sends each command once the connection to its server is there: Lettuce refuses a command
         * for a server whose connection is just being opened, and blocks for a list of them.
         */
        @Override
        public void send(Collection<AsyncCommand<String, byte[], ?>> commands) {
            for (AsyncCommand<String, byte[], ?> command : commands) {
                ByteBuffer key = command.getArgs().getFirstEncodedKey();
                CompletableFuture<Void> unused =
                        server(SlotHash.getSlot(key))
                                .handle((server, failure) -> {
                                    if (failure == null) {
                                        connection.dispatch(command);
                                    } else {
                                        command.completeExceptionally(failure);
                                    }
                                    return null;
                                });
            }
        }

        @Override
        public <T> CompletableFuture<Replicated<T>> sendAndWait(
                String key, Supplier<AsyncCommand<String, byte[], T>> command, int replicas) {
            return sendAndWait(server(SlotHash.getSlot(key)), false, command, replicas, 0);
        }

        private CompletableFuture<StatefulRedisConnection<String, byte[]>> server(int slot) {
            RedisClusterNode node = connection.getPartitions().getMasterBySlot(slot);
            if (node == null) {
                return CompletableFuture.failedFuture(
                        new StoreException("no server of the cluster holds slot " + slot));
            }
            return server(node);
        }

        private CompletableFuture<StatefulRedisConnection<String, byte[]>> server(
                RedisClusterNode node) {
            RedisURI uri = node.getUri();
            return connection.getConnectionAsync(uri.getHost(), uri.getPort());
        }

        private <T> CompletableFuture<Replicated<T>> sendAndWait(
                CompletableFuture<StatefulRedisConnection<String, byte[]>> opened,
                boolean asking,
                Supplier<AsyncCommand<String, byte[], T>> command,
                int replicas,
                int redirections) {
            List<AsyncCommand<String, byte[], ?>> before =
                    asking ? List.of(Commands.asking()) : List.of();
            return opened.thenCompose(
                            server -> Commands.together(server, before, command.get(), replicas))
                    .exceptionallyCompose(failure -> {
                        Matcher elsewhere = redirection(failure);
                        if (elsewhere == null || redirections >= MOST_REDIRECTIONS) {
                            return CompletableFuture.failedFuture(failure);
                        }
                        int port = Integer.parseInt(elsewhere.group(3));
                        return sendAndWait(
                                connection.getConnectionAsync(elsewhere.group(2), port),
                                elsewhere.group(1).equals("ASK"),
                                command,
                                replicas,
                                redirections + 1);
                    });
        }

        private static @Nullable Matcher redirection(Throwable failure) {
            Throwable cause = Commands.cause(failure);
            if (!(cause instanceof RedisCommandExecutionException)) {
                return null;
            }
            Matcher found = REDIRECTION.matcher(String.valueOf(cause.getMessage()));
            return found.matches() ? found : null;
        }

        @Override
        public boolean isOpen() {
            return connection.isOpen();
        }

        @Override
        public boolean isReplaceable() {
            return false;
        }

        @Override
        public CompletableFuture<Void> close() {
            return connection.closeAsync();
        }
    }
}
