package org.evergrant.broker.proxy;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** What a failure on the way to an API is to the caller. */
final class Failure {
    private static final System.Logger LOG = System.getLogger("org.evergrant.broker");
    private static final Duration SOON = Duration.ofSeconds(1);

    private Failure() {}

    static Throwable of(Throwable failure) {
        return switch (failure) {
            case ConnectTimeoutException late ->
                    Refusal.of(Refusal.Kind.TOO_LATE, "the API cannot be connected to in time");
            case ConnectionPoolTooBusyException busy ->
                    new Refusal(
                            Refusal.Kind.BUSY, "too many calls are on their way to the API", SOON);
            case ConnectException refused ->
                    Refusal.of(Refusal.Kind.NO_ANSWER, "the API takes no connections");
            case UnknownHostException unknown ->
                    Refusal.of(Refusal.Kind.NO_ANSWER, "the API's host has no address");
            case SSLException untrusted -> {
                LOG.log(System.Logger.Level.WARNING, "no TLS with an API: {0}", untrusted);
                yield Refusal.of(Refusal.Kind.NO_ANSWER, "the API proves to be somebody else");
            }
            case VertxException cut -> cut();
            case IOException cut -> cut();
            case IllegalArgumentException notHttp ->
                    Refusal.of(Refusal.Kind.NO_ANSWER, "the API's answer is no HTTP");
            default -> failure;
        };
    }

    static Refusal cut() {
        return Refusal.of(Refusal.Kind.NO_ANSWER, "the API cut the connection");
    }
}
