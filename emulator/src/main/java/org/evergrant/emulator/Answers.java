package org.evergrant.emulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Writes answers with the headers that Zoom sends. */
final class Answers {
    private static final CharSequence JSON =
            HttpHeaders.createOptimized("application/json;charset=UTF-8");
    private static final CharSequence HTML = HttpHeaders.createOptimized("text/html;charset=UTF-8");
    private static final CharSequence NO_STORE =
            HttpHeaders.createOptimized("no-store, no-transform, must-revalidate, no-cache");
    private static final CharSequence PRAGMA = HttpHeaders.createOptimized("Pragma");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence TRACKING = HttpHeaders.createOptimized("x-zm-trackingid");
    private static final CharSequence NO_SNIFF_NAME =
            HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");

    /** Zoom clears its cookies in answers to programs too. */
    private static final CharSequence COOKIE =
            HttpHeaders.createOptimized(
                    "zm_aid=; Max-Age=0; Domain=.zoom.us; Path=/; Secure; HttpOnly");

    private static final Buffer NOT_FOUND = page("404", "This page does not exist.");
    private static final Buffer WRONG_METHOD = page("405", "This page takes other requests.");
    private static final Buffer GATEWAY = page("Please wait", "You will be with us soon.");

    private Answers() {}

    private static Buffer page(String title, String text) {
        return Buffer.buffer(
                "<!DOCTYPE html>\n<html><head><title>"
                        + title
                        + " - Zoom</title></head><body><h1>"
                        + title
                        + "</h1><p>"
                        + text
                        + "</p></body></html>\n");
    }

    static void json(HttpServerRequest request, int status, String body) {
        json(request, status, Buffer.buffer(body));
    }

    static void json(HttpServerRequest request, int status, Buffer body) {
        HttpServerResponse response = jsonHead(request, status);
        if (response != null) {
            response.end(body);
        }
    }

    /** An answer with everything but its body; nothing if the client has gone. */
    static @Nullable HttpServerResponse jsonHead(HttpServerRequest request, int status) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return null;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .putHeader(PRAGMA, NO_CACHE)
                .putHeader(NO_SNIFF_NAME, NO_SNIFF)
                .putHeader(TRACKING, trackingId())
                .putHeader(HttpHeaders.SET_COOKIE, COOKIE);
        return response;
    }

    private static String trackingId() {
        long random = ThreadLocalRandom.current().nextLong();
        return "v=2.0;clid=us02;rid=WEB_" + HexFormat.of().toHexDigits(random);
    }

    static void notFound(HttpServerRequest request) {
        html(request, 404, NOT_FOUND);
    }

    static void wrongMethod(HttpServerRequest request, String allowed) {
        request.response().putHeader(HttpHeaders.ALLOW, allowed);
        html(request, 405, WRONG_METHOD);
    }

    static void gatewayPage(HttpServerRequest request) {
        html(request, 200, GATEWAY);
    }

    private static void html(HttpServerRequest request, int status, Buffer page) {
        HttpServerResponse response = request.response();
        if (!response.closed() && !response.ended()) {
            response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, HTML).end(page);
        }
    }

    /** Announces all of the body, sends half of it and cuts the connection. */
    static void half(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = jsonHead(request, 200);
        if (response != null) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
            response.write(body.getBuffer(0, body.length() / 2)).onComplete(sent -> cut(request));
        }
    }

    static void cut(HttpServerRequest request) {
        request.connection().close();
    }

    /** What an error of the control routes looks like. */
    static void controlError(HttpServerRequest request, int status, String description) {
        String error = status == 404 ? "not_found" : "invalid_request";
        json(
                request,
                status,
                "{\"error\":\""
                        + error
                        + "\",\"error_description\":\""
                        + Json.escaped(description)
                        + "\"}");
    }
}
