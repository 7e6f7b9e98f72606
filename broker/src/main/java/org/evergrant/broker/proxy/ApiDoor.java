package org.evergrant.broker.proxy;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import org.evergrant.App;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.broker.config.Forwarding;
import org.jspecify.annotations.Nullable;

/** The way to one app's API. */
public final class ApiDoor {
    /** They would show a caller what was sent, the token with it; or open any way at all. */
    private static final Set<String> NEVER = Set.of("TRACE", "TRACK", "CONNECT");

    /** What a provider said last of where its API is, and what came of it. */
    private record Told(String apiUrl, Origin origin) {}

    /** A token as it is sent: in one byte a character. */
    private record Pass(String value, CharSequence authorization) {}

    private final Proxy proxy;
    private final TokenSource source;
    private final Forwarding forwarding;
    private final Line line;
    private final ProxyMeters meters;
    private final @Nullable Origin configured;
    private final Pacer.@Nullable Gate gate;
    private volatile @Nullable Told told;
    private volatile @Nullable Pass pass;

    ApiDoor(Proxy proxy, TokenSource source, Forwarding forwarding) {
        this.proxy = proxy;
        this.source = source;
        this.forwarding = forwarding;
        this.line = new Line(source, proxy.longestWait(), forwarding.queue());
        this.meters = new ProxyMeters(app().id().value(), line::waiting);
        this.configured = app().apiUrl().map(Origin::of).orElse(null);
        this.gate =
                forwarding.pace() == null
                        ? null
                        : proxy.pacer().gate(forwarding.pace(), proxy.longestWait());
    }

    App app() {
        return source.app();
    }

    /** Returns how its calls are forwarded. */
    public Forwarding forwarding() {
        return forwarding;
    }

    /**
     * Forwards a call. To be called before the request's handler returns.
     *
     * @param from where in the request's target the part begins that is put behind the API's base
     */
    public void forward(HttpServerRequest request, Guest guest, int from) {
        Call call = new Call(this, request, guest);
        try {
            call.begin(checked(request, guest, from));
        } catch (Refusal refused) {
            call.refuse(refused);
        }
    }

    private ApiPath checked(HttpServerRequest request, Guest guest, int from) {
        String method = request.method().name();
        String target = request.uri();
        if (NEVER.contains(method)) {
            throw Refusal.of(Refusal.Kind.METHOD, method + " is not forwarded");
        }
        if (!target.startsWith("/")) {
            throw Refusal.badRequest("the target is an address of its own (expected: a path)");
        }
        if (configured == null) {
            throw Refusal.of(
                    Refusal.Kind.NOT_FOUND, "the app " + app().id() + " has no api-url to call");
        }
        Framing.check(request);
        ApiPath path = ApiPath.of(target, from);
        if (!forwarding.allows(method, path.path()) || !guest.allows().test(method, path.path())) {
            throw Refusal.of(
                    Refusal.Kind.DENIED,
                    "the configuration allows " + guest.name() + " no such call");
        }
        return path;
    }

    Proxy proxy() {
        return proxy;
    }

    TokenSource source() {
        return source;
    }

    Line line() {
        return line;
    }

    ProxyMeters meters() {
        return meters;
    }

    /** Counts and notes a call that is over. */
    void ended(Ended call) {
        meters.ended(call);
        if (proxy.log().isOn()) {
            proxy.log().add(AccessLine.of(app().id().value(), call, forwarding.hideQuery()));
        }
    }

    Pacer.@Nullable Gate gate() {
        return gate;
    }

    /** Returns whether its API says in Zoom's way that a token is dead. */
    boolean isZoomLike() {
        return app().grant() == App.Grant.ACCOUNT_CREDENTIALS;
    }

    /** Returns where a call with this token goes. */
    Origin origin(Token token) {
        Origin usual = Objects.requireNonNull(configured);
        String apiUrl = token.apiUrl();
        if (apiUrl.isEmpty() || forwarding.apiDomains().isEmpty()) {
            return usual;
        }
        Told last = told;
        if (last != null && last.apiUrl().equals(apiUrl)) {
            return last.origin();
        }
        Origin said = Origin.told(apiUrl, forwarding.apiDomains());
        Told next = new Told(apiUrl, said == null ? usual : said);
        told = next;
        return next.origin();
    }

    /** Returns what a call with this token says in {@code Authorization}. */
    CharSequence authorization(Token token) {
        String value = token.value().reveal();
        Pass last = pass;
        if (last == null || !last.value().equals(value)) {
            last = new Pass(value, HttpHeaders.createOptimized(token.authorization()));
            pass = last;
        }
        return last.authorization();
    }

    /** Returns the path under which callers reach this API's base. */
    String address() {
        return proxy.signature().prefix() + "/apps/" + app().id() + "/api";
    }

    /**
     * Returns where a redirect leads for a caller: one below the API's base leads through the proxy
     * again, any other stays as it is and leads past it, without a token.
     */
    String location(Origin origin, String location) {
        try {
            URI url = URI.create(location);
            boolean own = url.isAbsolute() ? origin.isOf(url) : location.startsWith("/");
            String path = url.getRawPath();
            boolean inside =
                    own
                            && !location.startsWith("//")
                            && path != null
                            && (path.equals(origin.base()) || path.startsWith(origin.base() + "/"));
            if (!inside) {
                return location;
            }
            String rest = path.substring(origin.base().length());
            return address()
                    + (rest.isEmpty() ? "/" : rest)
                    + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
                    + (url.getRawFragment() == null ? "" : "#" + url.getRawFragment());
        } catch (IllegalArgumentException notUrl) {
            return location;
        }
    }
}
