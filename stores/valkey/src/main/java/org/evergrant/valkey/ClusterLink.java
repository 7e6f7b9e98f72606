package org.evergrant.valkey;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
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
        return client.connectAsync(Commands.CODEC)
                .toCompletableFuture()
                .thenApply(ClusterSession::new);
    }

    @Override
    public CompletableFuture<? extends StatefulRedisPubSubConnection<String, byte[]>> listen() {
        return client.connectPubSubAsync(Commands.CODEC).toCompletableFuture();
    }

    @Override
    public void close() {
        Client.end(client);
        Client.end(resources);
    }

    /** The connections to all servers. */
    private static final class ClusterSession implements Session {
        private final StatefulRedisClusterConnection<String, byte[]> connection;

        ClusterSession(StatefulRedisClusterConnection<String, byte[]> connection) {
            this.connection = connection;
        }

        @Override
        public void send(Collection<AsyncCommand<String, byte[], ?>> commands) {
            connection.dispatch(commands);
        }

        @Override
        public <T> CompletableFuture<Replicated<T>> sendAndWait(
                String key, Supplier<AsyncCommand<String, byte[], T>> command, int replicas) {
            RedisClusterNode node =
                    connection.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
            if (node == null) {
                return CompletableFuture.failedFuture(
                        new StoreException("no server of the cluster holds the slot of " + key));
            }
            String host = node.getUri().getHost();
            return sendAndWait(host, node.getUri().getPort(), false, command, replicas, 0);
        }

        private <T> CompletableFuture<Replicated<T>> sendAndWait(
                String host,
                int port,
                boolean asking,
                Supplier<AsyncCommand<String, byte[], T>> command,
                int replicas,
                int redirections) {
            List<AsyncCommand<String, byte[], ?>> before =
                    asking ? List.of(Commands.asking()) : List.of();
            return connection
                    .getConnectionAsync(host, port)
                    .thenCompose(
                            server -> Commands.together(server, before, command.get(), replicas))
                    .exceptionallyCompose(failure -> {
                        Matcher elsewhere = redirection(failure);
                        if (elsewhere == null || redirections >= MOST_REDIRECTIONS) {
                            return CompletableFuture.failedFuture(failure);
                        }
                        return sendAndWait(
                                elsewhere.group(2),
                                Integer.parseInt(elsewhere.group(3)),
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
        public void close() {
            CompletableFuture<Void> unused = connection.closeAsync();
        }
    }
}
