package org.evergrant.broker.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import org.evergrant.Token;

/**
 * The head of a call as it goes to its API.
 *
 * @param options where it goes
 */
record Outgoing(
        ApiDoor door,
        HttpServerRequest request,
        Token token,
        Origin origin,
        boolean tunnels,
        RequestOptions options) {
    private static final String GZIP = "gzip";

    static Outgoing of(
            ApiDoor door, HttpServerRequest request, ApiPath path, Token token, boolean tunnels) {
        Origin origin = door.origin(token);
        RequestOptions options =
                new RequestOptions()
                        .setSsl(origin.ssl())
                        .setHost(origin.host())
                        .setPort(origin.port())
                        .setMethod(request.method())
                        .setURI(origin.base() + path.path() + path.query());
        return new Outgoing(door, request, token, origin, tunnels, options);
    }

    void write(MultiMap headers) {
        Headers.copyRequest(request.headers(), headers);
        headers.set(HttpHeaders.AUTHORIZATION, door.authorization(token));
        headers.set(HttpHeaders.ACCEPT_ENCODING, coding(request));
        door.proxy().signature().sign(request, headers);
        if (tunnels) {
            Tunnel.ask(headers);
        }
    }

    /** Gzip or nothing: an answer in another coding could not be looked into. */
    private static String coding(HttpServerRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (accepted == null) {
            return "identity";
        }
        String lower = accepted.toLowerCase(Locale.ROOT).replace(" ", "");
        return lower.contains(GZIP) && !lower.contains(GZIP + ";q=0") ? GZIP : "identity";
    }
}
