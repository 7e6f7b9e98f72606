package org.evergrant.broker.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;

/** A WebSocket through the proxy: its opening is a call, what follows is bytes. */
final class Tunnel {
    private static final String WEBSOCKET = "websocket";

    private Tunnel() {}

    /** Returns whether the request opens one. */
    static boolean isWanted(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1
                && request.method().equals(HttpMethod.GET)
                && WEBSOCKET.equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
                && Headers.nominated(request.headers()).contains("upgrade");
    }

    /** Asks for one; the fields that say so were dropped with the others of their kind. */
    static void ask(MultiMap headers) {
        headers.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
        headers.set(HttpHeaders.UPGRADE, WEBSOCKET);
    }

    /** Joins the two ends; runs {@code closed} when either has gone. */
    static void open(
            ApiDoor door, HttpServerRequest request, HttpClientResponse answer, Runnable closed) {
        NetSocket api = answer.netSocket();
        api.pause();
        HttpServerResponse out = request.response();
        out.setStatusCode(answer.statusCode());
        Headers.copyResponse(answer.headers(), out.headers());
        door.proxy().signature().sign(answer.headers(), answer.version(), out.headers());
        ask(out.headers());
        request.toNetSocket()
                .onComplete((caller, failure) -> {
                    if (caller == null) {
                        api.close();
                        closed.run();
                        return;
                    }
                    api.closeHandler(gone -> {
                        caller.close();
                        closed.run();
                    });
                    caller.closeHandler(gone -> {
                        api.close();
                        closed.run();
                    });
                    caller.pipeTo(api);
                    api.pipeTo(caller);
                });
    }
}
