package org.evergrant.broker;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.evergrant.broker.config.Listen;

/**
 * Which requests may see status and metrics without credentials: those that surely come from this
 * machine. A broker that others can reach, directly or through a reverse proxy, asks for
 * credentials; so does one that a web page reaches under a name of its own, by DNS rebinding.
 */
final class Openness {
    /** A reverse proxy adds one of these; a local program does not. */
    private static final List<String> PROXIED =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    private final boolean loopback;

    /**
     * Makes the rule of a broker.
     *
     * @param published whether callers reach it at another address than its own
     */
    Openness(Listen listen, boolean published) {
        this.loopback = listen.isLoopback() && !published;
    }

    boolean isOpenTo(HttpServerRequest request) {
        if (!loopback) {
            return false;
        }
        for (String header : PROXIED) {
            if (request.headers().contains(header)) {
                return false;
            }
        }
        String host = request.getHeader(HttpHeaders.HOST);
        return host == null || isLocal(host);
    }

    private static boolean isLocal(String host) {
        try {
            return Listen.parse(host.matches(".*:[0-9]+") ? host : host + ":80").isLoopback();
        } catch (IllegalArgumentException strange) {
            return false;
        }
    }
}
