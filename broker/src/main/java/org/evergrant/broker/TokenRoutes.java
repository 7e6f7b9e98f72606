package org.evergrant.broker;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.evergrant.App;
import org.evergrant.Token;
import org.jspecify.annotations.Nullable;

/**
 * The token endpoint, for one app and for all, and the report that a token was refused. A token in
 * its promise is answered on the event loop; whoever waits is answered back on the loop.
 */
final class TokenRoutes {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final String PER_APP = "/apps/";
    private static final Buffer RENEWED = Buffer.buffer("{\"renewed\":true}");
    private static final Buffer NOT_RENEWED = Buffer.buffer("{\"renewed\":false}");

    private final Handouts apps;
    private final Gatekeeper gatekeeper;
    private final Openness openness;
    private final Duration longestWait;

    TokenRoutes(Handouts apps, Gatekeeper gatekeeper, Openness openness, Duration longestWait) {
        this.apps = apps;
        this.gatekeeper = gatekeeper;
        this.openness = openness;
        this.longestWait = longestWait;
    }

    /** {@code POST /apps/{app}/oauth/token}. */
    void token(HttpServerRequest request, Handout app) {
        Consumer<OauthError> refuse = error -> Answers.error(request, error, app.isZoomLike());
        read(
                request,
                app.isZoomLike(),
                parameters ->
                        gatekeeper.admit(
                                request,
                                parameters,
                                app.isZoomLike(),
                                guarded(
                                        refuse,
                                        identity -> {
                                            mayUse(identity, app);
                                            handOut(request, parameters, app);
                                        })));
    }

    /** {@code POST /oauth/token}. */
    void token(HttpServerRequest request) {
        read(
                request,
                false,
                parameters -> {
                    boolean asZoom = isZoomLike(parameters);
                    Consumer<OauthError> refuse = error -> Answers.error(request, error, asZoom);
                    gatekeeper.admit(
                            request,
                            parameters,
                            asZoom,
                            guarded(
                                    refuse,
                                    identity ->
                                            handOut(
                                                    request,
                                                    parameters,
                                                    find(identity, parameters))));
                });
    }

    /**
     * {@code POST /apps/{app}/rejected}. From this machine the token itself is credential enough:
     * who has the newest one may use it anyway, and any other changes nothing.
     */
    void rejected(HttpServerRequest request, Handout app) {
        Consumer<OauthError> refuse = error -> Answers.error(request, error, false);
        read(
                request,
                false,
                parameters -> {
                    Consumer<Identity> report =
                            guarded(
                                    refuse,
                                    identity -> {
                                        mayUse(identity, app);
                                        reject(request, app, reported(parameters));
                                    });
                    if (isAnonymous(request, parameters) && openness.isOpenTo(request)) {
                        reject(request, app, reported(parameters));
                    } else {
                        gatekeeper.admit(request, parameters, false, report);
                    }
                });
    }

    private static boolean isAnonymous(HttpServerRequest request, Parameters parameters) {
        return request.getHeader(HttpHeaders.AUTHORIZATION) == null
                && parameters.get("client_id") == null;
    }

    private static String reported(Parameters parameters) {
        String token = parameters.get("token");
        if (token == null) {
            throw OauthError.invalidRequest(
                    "token is missing: send the one that the API refused, in the form");
        }
        return token;
    }

    private void handOut(HttpServerRequest request, Parameters parameters, Handout app) {
        checkGrant(parameters, app.app());
        Duration minLife = minLife(parameters);
        CompletableFuture<Token> token =
                minLife == null
                        ? app.source().getAsync()
                        : app.source().getAsync(minLife, longestWait);
        whenDone(
                request,
                token,
                (got, failure) -> {
                    if (got != null) {
                        app.served();
                        Answers.send(request, 200, Answers.JSON, app.body(got));
                    } else if (failure != null) {
                        app.failed(Failures.outcome(failure));
                        Answers.error(request, Failures.error(failure), app.isZoomLike());
                    }
                });
    }

    private void reject(HttpServerRequest request, Handout app, String token) {
        CompletableFuture<Boolean> renewed =
                app.source()
                        .rejectAsync(token)
                        .thenCompose(newest ->
                                newest
                                        ? app.source().getAsync().thenApply(next -> true)
                                        : CompletableFuture.completedFuture(false));
        whenDone(
                request,
                renewed,
                (yes, failure) -> {
                    if (yes != null) {
                        Answers.send(request, 200, Answers.JSON, yes ? RENEWED : NOT_RENEWED);
                    } else if (failure != null) {
                        Answers.error(request, Failures.error(failure), false);
                    }
                });
    }

    /** Goes on at once if the future is complete, else later on the request's own event loop. */
    private static <T> void whenDone(
            HttpServerRequest request,
            CompletableFuture<T> future,
            BiConsumer<@Nullable T, @Nullable Throwable> then) {
        if (future.state() == Future.State.SUCCESS) {
            then.accept(future.resultNow(), null);
            return;
        }
        request.response().closeHandler(gone -> future.cancel(false));
        EventLoop.resume(future, then);
    }

    private static void mayUse(Identity identity, Handout app) {
        if (!identity.mayUse(app.name())) {
            throw OauthError.of(
                    OauthError.Kind.UNAUTHORIZED_CLIENT,
                    "these credentials are not for the app " + app.name());
        }
    }

    private Handout find(Identity identity, Parameters parameters) {
        String resource = parameters.get("resource");
        if (resource == null && identity.apps().size() == 1) {
            return known(identity, identity.apps().iterator().next());
        }
        if (resource == null) {
            throw OauthError.of(
                    OauthError.Kind.INVALID_TARGET,
                    "these credentials are for several apps: name one of "
                            + Names.some(new TreeSet<>(identity.apps()))
                            + " with resource=APP, or ask at /apps/APP/oauth/token");
        }
        int slash = resource.contains("://") ? resource.lastIndexOf(PER_APP) : -1;
        return known(identity, slash < 0 ? resource : resource.substring(slash + PER_APP.length()));
    }

    private Handout known(Identity identity, String name) {
        Handout app = identity.mayUse(name) ? apps.find(name) : null;
        if (app == null) {
            throw OauthError.of(
                    OauthError.Kind.INVALID_TARGET,
                    "resource names no app of these credentials; they are for "
                            + Names.some(new TreeSet<>(identity.apps())));
        }
        return app;
    }

    private static void checkGrant(Parameters parameters, App app) {
        String grant = parameters.get("grant_type");
        String own = app.grant().word();
        if (grant == null) {
            throw OauthError.invalidRequest(
                    "grant_type is missing: send parameters as a form or in the query");
        }
        if (!grant.equals(App.Grant.CLIENT_CREDENTIALS.word()) && !grant.equals(own)) {
            String also = app.grant() == App.Grant.CLIENT_CREDENTIALS ? "" : " or " + own;
            throw OauthError.of(
                    OauthError.Kind.UNSUPPORTED_GRANT_TYPE,
                    "grant_type must be client_credentials" + also);
        }
        String account = parameters.get("account_id");
        if (account != null && !account.equals(app.accountId())) {
            throw OauthError.invalidRequest("account_id is not the one of the app " + app.id());
        }
    }

    private static @Nullable Duration minLife(Parameters parameters) {
        String text = parameters.get("min_life");
        if (text == null) {
            return null;
        }
        if (!SECONDS.matcher(text).matches()) {
            throw OauthError.invalidRequest("min_life must be whole seconds, like 300");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static boolean isZoomLike(Parameters parameters) {
        try {
            return App.Grant.ACCOUNT_CREDENTIALS.word().equals(parameters.get("grant_type"));
        } catch (OauthError givenTwice) {
            return false;
        }
    }

    private static void read(HttpServerRequest request, boolean asZoom, Consumer<Parameters> then) {
        Consumer<OauthError> refuse = error -> Answers.error(request, error, asZoom);
        String query = request.query();
        Bodies.read(
                request, guarded(refuse, body -> then.accept(Parameters.of(query, body))), refuse);
    }

    /** Runs a step so that what it throws costs one answer and no more. */
    private static <T> Consumer<T> guarded(Consumer<OauthError> refuse, Consumer<T> step) {
        return value -> {
            try {
                step.accept(value);
            } catch (RuntimeException failure) {
                refuse.accept(Failures.error(failure));
            }
        };
    }
}
