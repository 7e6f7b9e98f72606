package org.evergrant.broker.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.evergrant.TokenSource;
import org.evergrant.broker.config.Forwarding;
import org.evergrant.broker.config.Proxying;
import org.evergrant.broker.meters.Exposition;
import org.jspecify.annotations.Nullable;

/**
 * Forwards calls to APIs with the token added: a reverse proxy for callers that never see a token.
 * What all apps share of it.
 */
public final class Proxy implements AutoCloseable {
    private final Vertx vertx;
    private final Clients clients;
    private final Shelf shelf = new Shelf();
    private final Signature signature;
    private final Duration longestWait;
    private final Refuser refuser;
    private final Queue<ApiDoor> doors = new ConcurrentLinkedQueue<>();
    private final AccessLog log;
    private final Pacer pacer = new Pacer();

    /**
     * Makes one.
     *
     * @param longestWait how long a call waits for a token, or for its turn, at most
     * @param publicUrl where callers reach the broker; null where they reach it as they ask
     */
    public Proxy(
            Vertx vertx,
            Proxying settings,
            Duration longestWait,
            @Nullable URI publicUrl,
            MeterRegistry registry,
            Refuser refuser) {
        this.vertx = vertx;
        this.clients = new Clients(vertx);
        this.longestWait = longestWait;
        this.signature = new Signature(settings, publicUrl);
        this.refuser = refuser;
        this.log = AccessLog.open(settings.accessLog(), registry);
    }

    /** Returns the way to one app's API, to be made once an app. */
    public ApiDoor door(TokenSource source, Forwarding forwarding) {
        ApiDoor door = new ApiDoor(this, source, forwarding);
        doors.add(door);
        return door;
    }

    /** Writes what the calls have counted. */
    public void write(Exposition out) {
        ProxyMeters.write(out, doors.stream().map(ApiDoor::meters).toList());
    }

    Vertx vertx() {
        return vertx;
    }

    Clients clients() {
        return clients;
    }

    Shelf shelf() {
        return shelf;
    }

    Signature signature() {
        return signature;
    }

    Duration longestWait() {
        return longestWait;
    }

    Refuser refuser() {
        return refuser;
    }

    AccessLog log() {
        return log;
    }

    Pacer pacer() {
        return pacer;
    }

    /** Ends the threads; to be called once nothing is forwarded any more. */
    @Override
    public void close() {
        pacer.close();
        log.close();
    }
}
