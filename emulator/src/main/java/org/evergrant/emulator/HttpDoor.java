package org.evergrant.emulator;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * The HTTP of the provider: one server for each event loop on one port, and the way from a path to
 * its route. Nothing here ever waits; a delay is a timer.
 */
final class HttpDoor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpDoor.class.getName());
    private static final Duration START_STOP_DEADLINE = Duration.ofSeconds(20);
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._\\-]+(:\\d+)?|\\[[0-9A-Fa-f:.]+](:\\d+)?");

    private static final int LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors());

    /** Tokens are far below it. */
    private static final int MAX_HEADERS = 64 * 1024;

    private final Vertx vertx;
    private final String host;
    private final TokenRoutes tokens;
    private final ApiRoutes api;
    private final ControlRoutes control;
    private volatile int port;

    HttpDoor(Provider provider, AppSettings model, InstantSource clock, String host, int port) {
        this.host = host;
        this.port = port;
        this.vertx = Vertx.vertx(options());
        this.tokens = new TokenRoutes(provider, clock, this);
        this.api = new ApiRoutes(provider, clock, this);
        this.control = new ControlRoutes(provider, model, clock);
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(LOOPS)
                // A test that forgets to close must still be able to end.
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                        new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false));
    }

    /**
     * Starts to listen.
     *
     * @throws IllegalStateException if the address cannot be had
     */
    void open() {
        HttpServerOptions options =
                new HttpServerOptions()
                        // A cut connection must hurt no request but the one it was cut for.
                        .setHttp2ClearTextEnabled(false)
                        .setHandle100ContinueAutomatically(true)
                        .setMaxHeaderSize(MAX_HEADERS)
                        .setMaxInitialLineLength(MAX_HEADERS);
        // Vert.x shares a port among the servers of one deployment; it calls a free one negative.
        int wanted = port == 0 ? -1 : port;
        try {
            await(
                    vertx.deployVerticle(
                            () -> new Loop(options, wanted),
                            new DeploymentOptions().setInstances(LOOPS)));
        } catch (ExecutionException | TimeoutException e) {
            close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(
                    "cannot listen on " + host + ":" + port + ": " + cause.getMessage(), e);
        }
    }

    /** One server on one event loop. */
    private final class Loop extends VerticleBase {
        private final HttpServerOptions options;
        private final int wanted;

        Loop(HttpServerOptions options, int wanted) {
            this.options = options;
            this.wanted = wanted;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer(options)
                    .requestHandler(HttpDoor.this::handle)
                    .listen(wanted, host)
                    .onSuccess(server -> port = server.actualPort());
        }
    }

    private static <T> T await(Future<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(START_STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** The address that a client on this machine reaches it at. */
    String url() {
        String reachable =
                switch (host) {
                    case "0.0.0.0", "" -> "127.0.0.1";
                    case "::" -> "::1";
                    default -> host;
                };
        return "http://"
                + (reachable.indexOf(':') < 0 ? reachable : "[" + reachable + "]")
                + ":"
                + port;
    }

    /** The address that this client reached it at. */
    String baseUrl(HttpServerRequest request) {
        String named = request.getHeader(HttpHeaders.HOST);
        return named != null && HOST.matcher(named).matches() ? "http://" + named : url();
    }

    /** Goes on after that long, at once if it is nothing. */
    void after(Duration delay, Runnable then) {
        long ms = delay.toMillis();
        if (ms <= 0) {
            then.run();
        } else {
            vertx.setTimer(ms, timer -> then.run());
        }
    }

    private void handle(HttpServerRequest request) {
        guarded(request, () -> route(request));
    }

    private void route(HttpServerRequest request) {
        String path = request.path();
        if (path == null) {
            Answers.notFound(request);
        } else if (path.startsWith("/v2/")) {
            api.handle(request, path);
        } else if (path.startsWith("/_emulator/")) {
            control.handle(request, path.substring("/_emulator/".length()));
        } else {
            switch (path) {
                case "/oauth/token" -> post(request, tokens::token);
                case "/oauth/revoke" -> post(request, tokens::revoke);
                case "/.well-known/oauth-authorization-server" -> tokens.metadata(request);
                default -> Answers.notFound(request);
            }
        }
    }

    private static void post(HttpServerRequest request, Route route) {
        if (request.method().equals(HttpMethod.POST)) {
            route.handle(request);
        } else {
            Answers.wrongMethod(request, "POST");
        }
    }

    /** Something that answers a request. */
    private interface Route {
        void handle(HttpServerRequest request);
    }

    /** Runs a handler so that its mistake costs one answer and no more. */
    static void guarded(HttpServerRequest request, Runnable handler) {
        try {
            handler.run();
        } catch (RuntimeException mistake) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    () -> request.method() + " " + request.path() + " failed",
                    mistake);
            Answers.json(
                    request,
                    500,
                    "{\"error\":\"server_error\",\"reason\":\"a fault of the emulator\"}");
        }
    }

    /** Ends every connection and every thread. */
    @Override
    public void close() {
        try {
            await(vertx.close());
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "The emulator did not close cleanly", e);
        }
    }
}
