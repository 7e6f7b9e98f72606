package org.evergrant.broker;

import com.nimbusds.jwt.JWTParser;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.evergrant.App;
import org.evergrant.broker.config.Caller;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.config.LegacyJwt;
import org.evergrant.broker.proxy.ApiDoor;
import org.evergrant.broker.proxy.Guest;
import org.evergrant.broker.proxy.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * {@code ANY /apps/{app}/api/…}: lets in whose call it is, and has it forwarded. Never without
 * credentials, on loopback neither: who may call may do whatever the app may.
 */
final class ProxyRoutes {
    private record Way(Handout app, ApiDoor door, @Nullable LegacyTokens legacy) {}

    private final Proxy proxy;
    private final Handouts apps;
    private final Gatekeeper gatekeeper;
    private final Configuration configuration;
    private final ConcurrentMap<String, Way> called = new ConcurrentHashMap<>();
    private final Map<String, App> byLegacyKey = new HashMap<>();

    ProxyRoutes(Proxy proxy, Handouts apps, Gatekeeper gatekeeper, Configuration configuration) {
        this.proxy = proxy;
        this.apps = apps;
        this.gatekeeper = gatekeeper;
        this.configuration = configuration;
        configuration
                .forwarding()
                .forEach((name, forwarding) -> {
                    LegacyJwt legacy = forwarding.legacyJwt();
                    App app = configuration.apps().get(name);
                    if (legacy != null && app != null) {
                        byLegacyKey.put(legacy.key(), app);
                    }
                });
    }

    /**
     * Forwards a call to an app's API.
     *
     * @param from where in the target the path behind {@code api} begins
     */
    void call(HttpServerRequest request, App app, int from) {
        forward(request, way(app), from);
    }

    /**
     * Forwards a call that names no app but was signed by an old caller of one: the path is the
     * API's own, so that such a caller changes one host name. Returns no if it is none.
     */
    boolean legacyCall(HttpServerRequest request) {
        if (byLegacyKey.isEmpty()) {
            return false;
        }
        String bearer = Gatekeeper.bearer(request.getHeader(HttpHeaders.AUTHORIZATION));
        App app = bearer == null ? null : byLegacyKey.get(issuer(bearer));
        if (app == null) {
            return false;
        }
        forward(request, way(app), 0);
        return true;
    }

    /** What an app needs to be called is made when it is first called. */
    private Way way(App app) {
        String name = app.id().value();
        Way there = called.get(name);
        return there != null ? there : called.computeIfAbsent(name, first -> newWay(app));
    }

    private Way newWay(App app) {
        Handout handout = Objects.requireNonNull(apps.find(app.id().value()));
        ApiDoor door = proxy.door(handout.source(), configuration.forwardingOf(app));
        LegacyJwt legacy = door.forwarding().legacyJwt();
        return new Way(
                handout,
                door,
                legacy == null
                        ? null
                        : new LegacyTokens(legacy, handout.name(), InstantSource.system()));
    }

    private void forward(HttpServerRequest request, Way way, int from) {
        Handout app = way.app();
        gatekeeper.admitCall(
                request,
                way.legacy(),
                app.isZoomLike(),
                identity -> {
                    if (!identity.mayUse(app.name())) {
                        throw OauthError.of(
                                OauthError.Kind.ACCESS_DENIED,
                                "these credentials are not for the app " + app.name());
                    }
                    way.door().forward(request, guest(identity), from);
                });
    }

    private Guest guest(Identity identity) {
        Caller caller = configuration.callers().get(identity.name());
        return new Guest(identity.name(), caller == null ? (method, path) -> true : caller::allows);
    }

    /** Says who would have signed it; whether they did is looked at later. */
    private static String issuer(String bearer) {
        if (!LegacyTokens.isLike(bearer) || bearer.length() > LegacyTokens.LONGEST) {
            return "";
        }
        try {
            String issuer = JWTParser.parse(bearer).getJWTClaimsSet().getIssuer();
            return issuer == null ? "" : issuer;
        } catch (ParseException | IllegalArgumentException malformed) {
            return "";
        }
    }
}
