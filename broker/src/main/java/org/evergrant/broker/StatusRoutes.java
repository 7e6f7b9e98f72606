package org.evergrant.broker;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.evergrant.spi.Store;

/** Liveness, readiness, metrics, and what can be seen of the apps: never a token. */
final class StatusRoutes {
    private static final CharSequence HTML = HttpHeaders.createOptimized("text/html;charset=UTF-8");
    private static final CharSequence PROMETHEUS =
            HttpHeaders.createOptimized("text/plain; version=0.0.4; charset=utf-8");
    private static final CharSequence POLICY_NAME =
            HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence POLICY =
            HttpHeaders.createOptimized(
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    private static final Buffer ALIVE = Buffer.buffer("{\"status\":\"ok\"}");
    private static final Buffer READY = Buffer.buffer("{\"ready\":true}");
    private static final Buffer NOT_READY = Buffer.buffer("{\"ready\":false,\"store\":\"away\"}");

    private final Collection<Handout> apps;
    private final Store store;
    private final Executor executor;
    private final Openness openness;
    private final Gatekeeper gatekeeper;
    private final Readiness readiness;
    private final Metrics metrics;
    private final Events events;

    StatusRoutes(
            Collection<Handout> apps,
            Store store,
            Executor executor,
            Openness openness,
            Gatekeeper gatekeeper,
            Readiness readiness,
            Metrics metrics,
            Events events) {
        this.apps = apps;
        this.store = store;
        this.executor = executor;
        this.openness = openness;
        this.gatekeeper = gatekeeper;
        this.readiness = readiness;
        this.metrics = metrics;
        this.events = events;
    }

    void alive(HttpServerRequest request) {
        Answers.send(request, 200, Answers.JSON, ALIVE);
    }

    void ready(HttpServerRequest request) {
        back(
                request,
                readiness.look(),
                reachable -> {
                    metrics.storeReachable(reachable);
                    if (!reachable) {
                        request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
                    }
                    Answers.send(
                            request,
                            reachable ? 200 : 503,
                            Answers.JSON,
                            reachable ? READY : NOT_READY);
                });
    }

    void metrics(HttpServerRequest request) {
        visible(
                request,
                may -> Answers.send(request, 200, PROMETHEUS, Buffer.buffer(metrics.scrape())));
    }

    void apps(HttpServerRequest request) {
        visible(
                request,
                may ->
                        back(
                                request,
                                views(may),
                                views -> {
                                    String json =
                                            Json.object(out -> {
                                                out.writeArrayPropertyStart("apps");
                                                for (AppView view : views) {
                                                    out.writeStartObject();
                                                    view.write(out);
                                                    out.writeEndObject();
                                                }
                                                out.writeEndArray();
                                            });
                                    Answers.json(request, 200, json);
                                }));
    }

    void app(HttpServerRequest request, String name) {
        visible(
                request,
                may -> {
                    Handout app =
                            apps.stream()
                                    .filter(one -> one.name().equals(name) && may.test(name))
                                    .findFirst()
                                    .orElse(null);
                    if (app == null) {
                        Answers.error(request, OauthError.notFound("there is no such app"), false);
                    } else {
                        back(
                                request,
                                AppView.complete(app.source(), store, executor),
                                view -> Answers.json(request, 200, view.json()));
                    }
                });
    }

    void events(HttpServerRequest request) {
        visible(
                request,
                may -> {
                    try {
                        events.open(request, may);
                    } catch (OauthError full) {
                        Answers.error(request, full, false);
                    }
                });
    }

    void page(HttpServerRequest request) {
        visible(
                request,
                may ->
                        back(
                                request,
                                views(may),
                                views -> {
                                    request.response().putHeader(POLICY_NAME, POLICY);
                                    Answers.send(
                                            request,
                                            200,
                                            HTML,
                                            Buffer.buffer(StatusPage.of(views)));
                                }));
    }

    /** Passes on which apps may be seen: all of them where no credentials are needed. */
    private void visible(HttpServerRequest request, Consumer<Predicate<String>> then) {
        if (openness.isOpenTo(request)) {
            then.accept(app -> true);
        } else {
            gatekeeper.admit(request, null, false, identity -> then.accept(identity::mayUse));
        }
    }

    private CompletableFuture<List<AppView>> views(Predicate<String> may) {
        List<CompletableFuture<AppView>> views =
                apps.stream()
                        .filter(app -> may.test(app.name()))
                        .map(app -> AppView.complete(app.source(), store, executor))
                        .toList();
        return CompletableFuture.allOf(views.toArray(CompletableFuture[]::new))
                .thenApply(all -> views.stream().map(CompletableFuture::resultNow).toList());
    }

    /** Goes on with the value on the event loop of the request. */
    private static <T> void back(
            HttpServerRequest request, CompletableFuture<T> future, Consumer<T> then) {
        EventLoop.resume(
                future,
                (value, failure) -> {
                    if (value != null) {
                        then.accept(value);
                    } else if (failure != null) {
                        Answers.error(request, Failures.error(failure), false);
                    }
                });
    }
}
