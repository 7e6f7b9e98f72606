package org.evergrant.broker;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets in who proves to be somebody; answers everybody else, each time a little later. */
final class Gatekeeper {
    private static final String BEARER = "Bearer ";

    private final Vertx vertx;
    private final Callers callers;
    private final Metrics metrics;
    private final Slowdown slowdown = new Slowdown(System::nanoTime);

    Gatekeeper(Vertx vertx, Callers callers, Metrics metrics) {
        this.vertx = vertx;
        this.callers = callers;
        this.metrics = metrics;
    }

    /**
     * Passes on who asks, by the {@code Authorization} header or the form.
     *
     * @param parameters null where only the header counts
     * @throws OauthError when the credentials contradict each other
     */
    void admit(
            HttpServerRequest request,
            @Nullable Parameters parameters,
            boolean asZoom,
            Consumer<Identity> then) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            Identity known = callers.remembered(header);
            if (known != null && (parameters == null || parameters.get("client_id") == null)) {
                then.accept(known);
                return;
            }
        }
        Credentials credentials = credentials(header, parameters);
        Identity identity = credentials == null ? null : callers.check(credentials);
        String name = credentials == null ? "" : credentials.name();
        if (identity == null) {
            if (header == null && credentials == null) {
                // Nothing was guessed: a browser or a library that waits to be challenged.
                Answers.error(request, OauthError.invalidClient(), asZoom);
            } else {
                refuse(request, name, asZoom);
            }
            return;
        }
        slowdown.succeeded(name, address(request));
        if (header != null) {
            callers.remember(header, identity);
        }
        then.accept(identity);
    }

    /**
     * Passes on whose call is to be forwarded: by a name and a secret, by a caller's secret alone
     * as a bearer, or by a token that an old caller signed itself.
     *
     * @param legacy checks the last; null where nobody signs any
     */
    void admitCall(
            HttpServerRequest request,
            @Nullable LegacyTokens legacy,
            boolean asZoom,
            Consumer<Identity> then) {
        String bearer = bearer(request.getHeader(HttpHeaders.AUTHORIZATION));
        if (bearer == null) {
            admit(request, null, asZoom, then);
            return;
        }
        Identity identity = legacy == null ? null : legacy.check(bearer);
        if (identity == null) {
            identity = callers.bearer(bearer);
        }
        if (identity == null) {
            refuse(request, "", asZoom);
        } else {
            slowdown.succeeded("", address(request));
            then.accept(identity);
        }
    }

    /** Returns what follows {@code Bearer}; null where the header says something else. */
    static @Nullable String bearer(@Nullable String header) {
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : null;
    }

    private void refuse(HttpServerRequest request, String name, boolean asZoom) {
        metrics.authFailed();
        Duration delay = slowdown.failed(name, address(request));
        vertx.setTimer(
                delay.toMillis(),
                timer -> Answers.error(request, OauthError.invalidClient(), asZoom));
    }

    /** RFC 6749 section 2.3 wants one way at a time; clients that say the same twice do no harm. */
    private static @Nullable Credentials credentials(
            @Nullable String header, @Nullable Parameters parameters) {
        String name = parameters == null ? null : parameters.get("client_id");
        String secret = parameters == null ? null : parameters.get("client_secret");
        if (header == null) {
            return name == null || secret == null ? null : Credentials.of(name, secret);
        }
        Credentials basic = Credentials.basic(header);
        if (basic == null) {
            return null;
        }
        Credentials decoded = basic.decoded();
        boolean fits =
                fits(basic, name, secret) || (decoded != null && fits(decoded, name, secret));
        if (!fits) {
            throw OauthError.invalidRequest(
                    "the Authorization header and the form name different credentials: send one of"
                            + " them");
        }
        return basic;
    }

    private static boolean fits(Credentials basic, @Nullable String name, @Nullable String secret) {
        return (name == null || name.equals(basic.name()))
                && (secret == null || MessageDigest.isEqual(bytes(secret), bytes(basic.secret())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String address(HttpServerRequest request) {
        String host = request.remoteAddress() == null ? null : request.remoteAddress().host();
        return host == null ? "" : host;
    }
}
