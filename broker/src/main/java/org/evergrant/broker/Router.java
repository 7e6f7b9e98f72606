package org.evergrant.broker;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.evergrant.App;

/** The way from a path to its route, without a pattern on the way. */
final class Router {
    private static final String APPS = "/apps/";
    private static final String VIEWS = "/v1/apps/";
    private static final String TOKEN = "/oauth/token";
    private static final String REJECTED = "/rejected";
    private static final String API = "/api";
    private static final String METADATA = "/.well-known/oauth-authorization-server";

    /** Clients that discover by OpenID Connect's rule look here for the same. */
    private static final String OPENID = "/.well-known/openid-configuration";

    private final Handouts apps;
    private final TokenRoutes tokens;
    private final Metadata metadata;
    private final StatusRoutes status;
    private final ProxyRoutes proxy;

    Router(
            Handouts apps,
            TokenRoutes tokens,
            Metadata metadata,
            StatusRoutes status,
            ProxyRoutes proxy) {
        this.apps = apps;
        this.proxy = proxy;
        this.tokens = tokens;
        this.metadata = metadata;
        this.status = status;
    }

    void handle(HttpServerRequest request) {
        try {
            route(request);
        } catch (RuntimeException failure) {
            Answers.error(request, Failures.error(failure), false);
        }
    }

    /** Answers what is no HTTP. */
    void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        boolean tooLong =
                cause instanceof TooLongHttpLineException
                        || cause instanceof TooLongHttpHeaderException;
        request.response().putHeader("Connection", "close");
        Answers.error(
                request,
                OauthError.invalidRequest(
                        tooLong ? "the request line or a header is too long" : "this is no HTTP"),
                false);
        request.connection().close();
    }

    private void route(HttpServerRequest request) {
        String path = request.path();
        if (path == null) {
            throw noSuchAddress();
        }
        if (path.startsWith(APPS)) {
            app(request, path);
            return;
        }
        switch (path) {
            case TOKEN -> post(request, tokens::token);
            case "/" -> get(request, status::page);
            case "/healthz" -> get(request, status::alive);
            case "/readyz" -> get(request, status::ready);
            case "/metrics" -> get(request, status::metrics);
            case "/v1/apps" -> get(request, status::apps);
            case "/v1/events" -> get(request, status::events);
            case METADATA, OPENID -> get(request, metadata::all);
            default -> longPath(request, path);
        }
    }

    private void longPath(HttpServerRequest request, String path) {
        if (path.startsWith(VIEWS)) {
            get(request, one -> status.app(one, path.substring(VIEWS.length())));
        } else if (path.startsWith(METADATA + APPS)) {
            App app = known(path.substring((METADATA + APPS).length()));
            get(request, one -> metadata.one(one, app));
        } else if (path.startsWith(OPENID + APPS)) {
            App app = known(path.substring((OPENID + APPS).length()));
            get(request, one -> metadata.one(one, app));
        } else if (!proxy.legacyCall(request)) {
            throw noSuchAddress();
        }
    }

    private void app(HttpServerRequest request, String path) {
        int slash = path.indexOf('/', APPS.length());
        if (slash < 0) {
            throw noSuchAddress();
        }
        String name = path.substring(APPS.length(), slash);
        switch (path.substring(slash)) {
            case TOKEN -> post(request, one -> tokens.token(one, asked(name)));
            case REJECTED -> post(request, one -> tokens.rejected(one, asked(name)));
            case METADATA, OPENID -> get(request, one -> metadata.one(one, known(name)));
            default -> api(request, name, path, slash);
        }
    }

    private void api(HttpServerRequest request, String name, String path, int slash) {
        int end = slash + API.length();
        boolean isApi =
                path.startsWith(API, slash) && (path.length() == end || path.charAt(end) == '/');
        if (!isApi) {
            throw noSuchAddress();
        }
        proxy.call(request, known(name), end);
    }

    private Handout asked(String name) {
        Handout app = apps.find(name);
        if (app == null) {
            throw noSuchApp();
        }
        return app;
    }

    private App known(String name) {
        App app = apps.app(name);
        if (app == null) {
            throw noSuchApp();
        }
        return app;
    }

    private static OauthError noSuchApp() {
        return OauthError.notFound("there is no such app");
    }

    private static OauthError noSuchAddress() {
        return OauthError.notFound("there is nothing at this address");
    }

    private static void post(HttpServerRequest request, Consumer<HttpServerRequest> route) {
        if (!request.method().equals(HttpMethod.POST)) {
            throw OauthError.methodNotAllowed("POST");
        }
        route.accept(request);
    }

    private static void get(HttpServerRequest request, Consumer<HttpServerRequest> route) {
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (!reads) {
            throw OauthError.methodNotAllowed("GET");
        }
        route.accept(request);
    }
}
