package org.evergrant.valkey;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.MisconfiguredException;
import org.jspecify.annotations.Nullable;

/** How Lettuce is set up: what all links have in common. */
final class Client {
    private static final System.Logger LOG = System.getLogger("org.evergrant.store");

    /** A server that is gone without a word is noticed by TCP after about ten seconds. */
    private static final Duration KEEPALIVE_IDLE = Duration.ofSeconds(5);

    private static final Duration KEEPALIVE_INTERVAL = Duration.ofSeconds(2);
    private static final int KEEPALIVE_PROBES = 3;

    /** In a cluster only. Short, because each try costs one connection to one server. */
    private static final Duration RECONNECTING = Duration.ofMillis(250);

    /** The least that Lettuce takes. One thread serves thousands of commands a second. */
    private static final int THREADS = 2;

    private static final Duration ENDING = Duration.ofSeconds(2);

    /**
     * How long the first connection of a process may take, in which a busy machine also loads some
     * thousand classes. No connection takes longer, whoever still waits for it.
     */
    static final Duration FIRST = Duration.ofSeconds(10);

    private Client() {}

    /**
     * Returns how long a connection may take where a command may take {@code wait}: it is a name, a
     * TCP and perhaps a TLS handshake, and two commands.
     */
    static Duration connecting(Duration wait) {
        return wait.multipliedBy(2);
    }

    /**
     * Returns options under which nothing is queued while there is no connection, and nothing is
     * sent a second time when one comes back.
     *
     * @param reconnects whether a connection that broke comes back by itself
     */
    static ClientOptions options(ValkeyUrl url, boolean reconnects) {
        return ClientOptions.builder()
                .autoReconnect(reconnects)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                // Deadlines are ours, and one timer a command is saved.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                // RESP3 begins with HELLO, which an old server or a proxy refuses in words that
                // quote the password.
                .protocolVersion(ProtocolVersion.RESP2)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(
                        SocketOptions.builder()
                                .connectTimeout(FIRST)
                                .keepAlive(
                                        SocketOptions.KeepAliveOptions.builder()
                                                .enable()
                                                .idle(KEEPALIVE_IDLE)
                                                .interval(KEEPALIVE_INTERVAL)
                                                .count(KEEPALIVE_PROBES)
                                                .build())
                                .build())
                .sslOptions(ssl(url))
                .build();
    }

    static ClientResources resources() {
        return ClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .threadFactoryProvider(Client::threads)
                .reconnectDelay(() -> Delay.constant(RECONNECTING))
                // Names are resolved as Java resolves them, /etc/hosts and all.
                .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
                .build();
    }

    static RedisURI uri(ValkeyUrl url, ValkeyUrl.Place place) {
        RedisURI.Builder uri =
                RedisURI.builder()
                        .withHost(place.host())
                        .withPort(place.port())
                        .withDatabase(url.database())
                        .withSsl(url.isTls())
                        .withVerifyPeer(SslVerifyMode.FULL)
                        .withTimeout(FIRST);
        char[] password = url.password().reveal().toCharArray();
        if (!url.user().isEmpty()) {
            uri.withAuthentication(url.user(), password);
        } else if (password.length > 0) {
            uri.withPassword(password);
        }
        return uri.build();
    }

    /** Ends the client, its connections and its threads; waits for a bounded time only. */
    static void end(AbstractRedisClient client, ClientResources resources) {
        await(client.shutdownAsync(0, ENDING.toMillis(), TimeUnit.MILLISECONDS));
        resources
                .shutdown(0, ENDING.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(ENDING.toMillis());
    }

    /** Waits for an end that may not come while a connection is just being opened. */
    static void await(CompletableFuture<Void> end) {
        try {
            end.get(ENDING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unfinished) {
            LOG.log(Level.DEBUG, "a connection did not end in time", unfinished);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory threads(String pool) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory plain = Executors.defaultThreadFactory();
        return work -> {
            Thread thread = plain.newThread(work);
            thread.setName("evergrant-valkey-" + pool + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static SslOptions ssl(ValkeyUrl url) {
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider().handshakeTimeout(FIRST);
        Path ca = readable(url, "ca");
        if (ca != null) {
            ssl.trustManager(ca.toFile());
        }
        Path cert = readable(url, "cert");
        Path key = readable(url, "key");
        if (cert != null && key != null) {
            ssl.keyManager(cert.toFile(), key.toFile(), new char[0]);
        }
        return ssl.build();
    }

    private static @Nullable Path readable(ValkeyUrl url, String option) {
        Path file = url.file(option);
        if (file != null && !Files.isReadable(file)) {
            throw new MisconfiguredException(
                    "the store "
                            + url
                            + ": "
                            + option
                            + "="
                            + file
                            + " cannot be read (expected: a PEM file)");
        }
        return file;
    }
}
