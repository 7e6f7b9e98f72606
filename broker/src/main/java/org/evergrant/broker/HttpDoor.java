package org.evergrant.broker;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.evergrant.broker.config.Listen;

/** The HTTP of the broker: one server for each event loop, on one port. */
final class HttpDoor {
    private static final System.Logger LOG = System.getLogger("org.evergrant.broker");
    private static final Duration START_DEADLINE = Duration.ofSeconds(20);

    /** A connection on which nothing moves for this long beyond the longest silence is cut. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    /** Vert.x gives servers that ask for the same negative port the same free one. */
    private static final int ANY_SHARED_PORT = -1;

    private static final int MAX_HEADERS = 32 * 1024;

    private final Vertx vertx;
    private final Listen listen;
    private final Duration longestSilence;
    private final Queue<HttpServer> servers = new ConcurrentLinkedQueue<>();
    private volatile int port;

    HttpDoor(Listen listen, Duration longestSilence) {
        this.listen = listen;
        this.longestSilence = longestSilence;
        this.vertx = Vertx.vertx(options());
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(loops())
                // Nothing of ours runs on these; waiting is for virtual threads.
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false));
    }

    private static int loops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    Vertx vertx() {
        return vertx;
    }

    /**
     * Starts to listen.
     *
     * @param router what handles a request
     * @param refuser what answers one that is none by the rules of HTTP
     * @throws IllegalStateException if the address cannot be had
     */
    void open(Handler<HttpServerRequest> router, Handler<HttpServerRequest> refuser) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setHttp2ClearTextEnabled(true)
                        // Who may send a body is known only when the head has been looked at.
                        .setHandle100ContinueAutomatically(false)
                        // What a WebSocket compresses is for its two ends to agree upon.
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setIdleTimeout((int) IDLE.plus(longestSilence).toSeconds())
                        .setMaxHeaderSize(MAX_HEADERS)
                        .setMaxInitialLineLength(MAX_HEADERS);
        int wanted = listen.port() == 0 ? ANY_SHARED_PORT : listen.port();
        // A thread outside of Vert.x has one event loop for all it does; an instance has its own.
        Future<String> open =
                vertx.deployVerticle(
                        () -> loop -> listen(options, wanted, router, refuser),
                        new DeploymentOptions().setInstances(loops()));
        try {
            await(open, START_DEADLINE);
        } catch (ExecutionException | TimeoutException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IllegalStateException(
                    "cannot listen on " + listen + ": " + cause.getMessage(), failure);
        }
    }

    /** Servers on the same port share its connections. */
    private Future<HttpServer> listen(
            HttpServerOptions options,
            int wanted,
            Handler<HttpServerRequest> router,
            Handler<HttpServerRequest> refuser) {
        HttpServer server =
                vertx.createHttpServer(options)
                        .requestHandler(router)
                        .invalidRequestHandler(refuser);
        servers.add(server);
        return server.listen(wanted, listen.host()).onSuccess(open -> port = open.actualPort());
    }

    int port() {
        return port;
    }

    /** Returns the address that a client on this machine reaches it at. */
    String url() {
        String reachable =
                switch (listen.host()) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "::" -> "::1";
                    default -> listen.host();
                };
        return "http://" + new Listen(reachable, port);
    }

    /** Takes no more connections, and lets requests under way end. */
    void drain(Duration longest) {
        List<Future<Void>> ends = new ArrayList<>();
        for (HttpServer server : servers) {
            ends.add(server.shutdown(longest.toMillis(), TimeUnit.MILLISECONDS));
        }
        quietly(Future.join(ends), longest.plus(START_DEADLINE));
    }

    /** Ends every connection and every thread. */
    void close() {
        quietly(vertx.close(), START_DEADLINE);
    }

    private static void quietly(Future<?> future, Duration longest) {
        try {
            await(future, longest);
        } catch (ExecutionException | TimeoutException failure) {
            LOG.log(System.Logger.Level.WARNING, "the server did not close cleanly", failure);
        }
    }

    private static <T> T await(Future<T> future, Duration longest)
            throws ExecutionException, TimeoutException {
        CompletableFuture<T> waiting = future.toCompletionStage().toCompletableFuture();
        try {
            return waiting.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        }
    }
}
