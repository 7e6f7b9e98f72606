package org.evergrant.broker.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way to the APIs: for each event loop a pool of its own, so that a call never changes threads.
 * HTTP/1.1, one call a connection at a time, so that a cut connection costs one call.
 */
final class Clients {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Nothing moves on a connection for so long: its call is over. */
    private static final Duration IDLE = Duration.ofMinutes(2);

    /** Shorter than common servers', so that a call seldom meets a connection that is closing. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    /**
     * To one host from one event loop. As many calls can be in flight, and among them may be
     * thousands of uploads that their callers do not finish.
     */
    private static final int CONNECTIONS = 2048;

    /** Calls that wait for a connection; beyond it they are refused. */
    private static final int WAITING = 1024;

    private static final int MAX_HEADERS = 64 * 1024;

    private final Vertx vertx;
    private final Map<Thread, HttpClient> byLoop = new ConcurrentHashMap<>();

    Clients(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Completes with a request on a connection, in the context it is called in. */
    Future<HttpClientRequest> request(RequestOptions options) {
        return byLoop.computeIfAbsent(Thread.currentThread(), loop -> client()).request(options);
    }

    private HttpClient client() {
        HttpClientOptions options =
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_1_1)
                        .setConnectTimeout((int) CONNECT.toMillis())
                        .setIdleTimeout((int) IDLE.toSeconds())
                        .setKeepAliveTimeout((int) KEEP_ALIVE.toSeconds())
                        .setMaxHeaderSize(MAX_HEADERS)
                        .setMaxInitialLineLength(MAX_HEADERS)
                        .setVerifyHost(true);
        PoolOptions pool =
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING);
        return vertx.httpClientBuilder().with(options).with(pool).build();
    }
}
