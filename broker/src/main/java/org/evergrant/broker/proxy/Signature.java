package org.evergrant.broker.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import org.evergrant.broker.config.Proxying;
import org.jspecify.annotations.Nullable;

/** What the proxy adds about itself and the way a message came. */
final class Signature {
    private static final String VIA = "Via";

    private final Proxying settings;
    private final String prefix;

    Signature(Proxying settings, @Nullable URI publicUrl) {
        this.settings = settings;
        String path = publicUrl == null ? null : publicUrl.getRawPath();
        this.prefix = path == null ? "" : path;
    }

    /**
     * Returns the path that a reverse proxy in front of the broker puts before the broker's own.
     */
    String prefix() {
        return prefix;
    }

    /** Signs a call on its way to the API. */
    void sign(HttpServerRequest request, MultiMap to) {
        via(request.headers(), request.version(), to);
        switch (settings.forwarded()) {
            case NONE -> {}
            case FORWARDED -> to.set("Forwarded", forwarded(request));
            case X_FORWARDED -> {
                to.set("X-Forwarded-For", address(request));
                to.set("X-Forwarded-Proto", proto(request));
                HostAndPort host = request.authority();
                if (host != null) {
                    to.set("X-Forwarded-Host", host.toString());
                }
            }
        }
    }

    /** Signs an answer on its way to the caller. */
    void sign(MultiMap from, HttpVersion version, MultiMap to) {
        via(from, version, to);
    }

    private void via(MultiMap from, HttpVersion version, MultiMap to) {
        if (settings.via().isEmpty()) {
            return;
        }
        String number =
                switch (version) {
                    case HTTP_1_0 -> "1.0 ";
                    case HTTP_1_1 -> "1.1 ";
                    case HTTP_2 -> "2 ";
                    default -> "3 ";
                };
        String own = number + settings.via();
        to.set(VIA, from.contains(VIA) ? String.join(", ", from.getAll(VIA)) + ", " + own : own);
    }

    private static String forwarded(HttpServerRequest request) {
        String address = address(request);
        String node = address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
        StringBuilder text = new StringBuilder("for=").append(node);
        HostAndPort host = request.authority();
        if (host != null && host.toString().indexOf('"') < 0) {
            text.append(";host=\"").append(host).append('"');
        }
        return text.append(";proto=").append(proto(request)).toString();
    }

    private static String address(HttpServerRequest request) {
        SocketAddress address = request.remoteAddress();
        String host = address == null ? null : address.hostAddress();
        return host == null ? "unknown" : host;
    }

    private static String proto(HttpServerRequest request) {
        return request.isSSL() ? "https" : "http";
    }
}
