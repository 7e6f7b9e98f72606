package org.evergrant.broker;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An API that remembers what it was asked, and answers as a test says. */
final class RecordingApi implements AutoCloseable {

    /** A call as it arrived. */
    record Seen(String method, String uri, Map<String, List<String>> headers, String body) {
        @Nullable String header(String name) {
            List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
            return values == null ? null : String.join(", ", values);
        }
    }

    private final Vertx vertx =
            Vertx.vertx(
                    new VertxOptions()
                            .setEventLoopPoolSize(1)
                            .setWorkerPoolSize(1)
                            .setInternalBlockingPoolSize(1)
                            .setUseDaemonThread(true)
                            .setFileSystemOptions(
                                    new FileSystemOptions()
                                            .setFileCachingEnabled(false)
                                            .setClassPathResolvingEnabled(false)));
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final HttpServer server;

    private RecordingApi(
            HttpServerOptions options, BiConsumer<HttpServerRequest, Seen> answer, boolean whole) {
        server =
                vertx.createHttpServer(options.setHandle100ContinueAutomatically(whole))
                        .connectionHandler(connection -> {
                            connections.incrementAndGet();
                            connection.closeHandler(gone -> connections.decrementAndGet());
                        })
                        .requestHandler(request -> {
                            if (whole) {
                                request.body()
                                        .onSuccess(body -> take(request, body.toString(), answer));
                            } else {
                                take(request, "", answer);
                            }
                        });
        await(server.listen(0, "127.0.0.1"));
    }

    /** Starts one that answers when it has the whole request. */
    static RecordingApi start(BiConsumer<HttpServerRequest, Seen> answer) {
        return new RecordingApi(new HttpServerOptions(), answer, true);
    }

    /** Starts one that is asked as soon as a head is there, and says 100 to nobody by itself. */
    static RecordingApi early(BiConsumer<HttpServerRequest, Seen> answer) {
        return early(new HttpServerOptions(), answer);
    }

    /** Starts one of that kind with an HTTP of its own. */
    static RecordingApi early(
            HttpServerOptions options, BiConsumer<HttpServerRequest, Seen> answer) {
        return new RecordingApi(options, answer, false);
    }

    private void take(
            HttpServerRequest request, String body, BiConsumer<HttpServerRequest, Seen> answer) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers()
                .forEach((name, value) ->
                        headers.computeIfAbsent(
                                        name.toLowerCase(Locale.ROOT), none -> new ArrayList<>())
                                .add(value));
        Seen call = new Seen(request.method().name(), request.uri(), headers, body);
        seen.add(call);
        answer.accept(request, call);
    }

    private static void await(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    String url() {
        return url("http");
    }

    String url(String scheme) {
        return scheme + "://127.0.0.1:" + server.actualPort();
    }

    List<Seen> seen() {
        return seen;
    }

    Seen last() {
        return seen.get(seen.size() - 1);
    }

    /** Returns how many connections are open now. */
    int connections() {
        return connections.get();
    }

    Vertx vertx() {
        return vertx;
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
