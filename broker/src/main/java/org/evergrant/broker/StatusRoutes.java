package org.evergrant.broker;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.evergrant.App;
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

    private final Handouts apps;
    private final Store store;
    private final Executor executor;
    private final Openness openness;
    private final Gatekeeper gatekeeper;
    private final Readiness readiness;
    private final Metrics metrics;
    private final Events events;

    StatusRoutes(
            Handouts apps,
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
                    metrics.store(reachable);
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
        visible(request, may -> LongAnswer.send(request, PROMETHEUS, executor, metrics::write));
    }

    void apps(HttpServerRequest request) {
        visible(
                request,
                may ->
                        back(
                                request,
                                page(request, may),
                                page -> Answers.json(request, 200, page.json())));
    }

    void app(HttpServerRequest request, String name) {
        visible(
                request,
                may -> {
                    App app = may.test(name) ? apps.app(name) : null;
                    if (app == null) {
                        Answers.error(request, OauthError.notFound("there is no such app"), false);
                    } else {
                        back(request, view(app), view -> Answers.json(request, 200, view.json()));
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
                                page(request, may),
                                page -> {
                                    request.response().putHeader(POLICY_NAME, POLICY);
                                    Answers.send(
                                            request, 200, HTML, Buffer.buffer(StatusPage.of(page)));
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

    /** Completes with the apps that follow the one named {@code after} in the query. */
    private CompletableFuture<AppPage> page(HttpServerRequest request, Predicate<String> may) {
        String after = request.getParam("after");
        if (after != null && apps.app(after) == null) {
            return CompletableFuture.failedFuture(
                    OauthError.invalidRequest("after names no app: send the name of one"));
        }
        // Away from the event loop: to pass over 100,000 apps takes milliseconds.
        return CompletableFuture.supplyAsync(() -> AppPage.choose(apps.all(), after, may), executor)
                .thenCompose(chosen -> AppPage.complete(chosen, this::view));
    }

    private CompletableFuture<AppView> view(App app) {
        return AppView.complete(app, apps, store, executor);
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
