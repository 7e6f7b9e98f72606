package org.evergrant.broker;

import com.nimbusds.jwt.JWTParser;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
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

    private final Gatekeeper gatekeeper;
    private final Map<String, Caller> callers;
    private final Map<String, Way> byApp = new HashMap<>();
    private final Map<String, Way> byLegacyKey = new HashMap<>();

    ProxyRoutes(
            Proxy proxy,
            Gatekeeper gatekeeper,
            Configuration configuration,
            Iterable<Handout> apps) {
        this.gatekeeper = gatekeeper;
        this.callers = configuration.callers();
        for (Handout app : apps) {
            ApiDoor door = proxy.door(app.source(), configuration.forwardingOf(app.app()));
            LegacyJwt legacy = door.forwarding().legacyJwt();
            LegacyTokens tokens =
                    legacy == null
                            ? null
                            : new LegacyTokens(legacy, app.name(), InstantSource.system());
            Way way = new Way(app, door, tokens);
            byApp.put(app.name(), way);
            if (legacy != null) {
                byLegacyKey.put(legacy.key(), way);
            }
        }
    }

    /**
     * Forwards a call to an app's API.
     *
     * @param from where in the target the path behind {@code api} begins
     */
    void call(HttpServerRequest request, Handout app, int from) {
        Way way = byApp.get(app.name());
        if (way == null) {
            throw OauthError.notFound("there is no such app");
        }
        forward(request, way, from);
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
        Way way = bearer == null ? null : byLegacyKey.get(issuer(bearer));
        if (way == null) {
            return false;
        }
        forward(request, way, 0);
        return true;
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
        Caller caller = callers.get(identity.name());
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
