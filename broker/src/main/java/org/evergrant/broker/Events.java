package org.evergrant.broker;

import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.evergrant.AppId;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Server-sent events for screens. A client that reads too slowly loses events, never memory of
 * ours: once it has caught up it gets the state of every app that was asked for instead of what it
 * missed. That state is written as fast as the client reads, however many apps there are.
 */
final class Events implements Observer {
    private static final CharSequence TYPE = HttpHeaders.createOptimized("text/event-stream");
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final int MOST_CLIENTS = 100;

    /** Events handed to a client's event loop and not yet written. */
    private static final int MOST_PENDING = 64;

    private final Map<String, Handout> asked;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Makes one without clients.
     *
     * @param asked the apps that were asked for, by name, as they come
     */
    Events(Map<String, Handout> asked) {
        this.asked = asked;
    }

    /**
     * Begins to send events about the apps that {@code visible} accepts.
     *
     * @throws OauthError when there are too many clients
     */
    void open(HttpServerRequest request, Predicate<String> visible) {
        if (closed || clients.size() >= MOST_CLIENTS) {
            throw OauthError.unavailable(
                    OauthError.Kind.TEMPORARILY_UNAVAILABLE,
                    "more than " + MOST_CLIENTS + " listen to events, or the broker is stopping",
                    HEARTBEAT);
        }
        HttpServerResponse response = Answers.head(request, 200, TYPE);
        Context context = EventLoop.current();
        if (response != null) {
            response.setChunked(true);
            new Client(context, response, visible).begin();
        }
    }

    /** Ends every stream, and takes no new ones. */
    void close() {
        closed = true;
        clients.forEach(Client::end);
    }

    @Override
    public void minted(AppId app, Token token, Duration took) {
        send(
                app,
                "minted",
                json -> {
                    AppView.write(json, token);
                    json.writeNumberProperty("took_ms", took.toMillis());
                });
    }

    @Override
    public void notMinted(AppId app, Trouble trouble, Duration took) {
        send(
                app,
                "trouble",
                json -> {
                    AppView.write(json, trouble);
                    json.writeNumberProperty("took_ms", took.toMillis());
                });
    }

    @Override
    public void adopted(AppId app, Token token) {
        send(app, "adopted", json -> AppView.write(json, token));
    }

    @Override
    public void rejected(AppId app, long generation, boolean newest) {
        send(
                app,
                "rejected",
                json -> {
                    json.writeNumberProperty("generation", generation);
                    json.writeBooleanProperty("newest", newest);
                });
    }

    @Override
    public void changed(AppId app, AppRecord record) {
        Handout there = asked.get(app.value());
        if (there != null && !clients.isEmpty()) {
            String json = new AppView(there.app(), record, there.source().now()).json();
            send(app, event("app", json));
        }
    }

    @Override
    public void store(boolean reachable) {
        String json = Json.object(out -> out.writeBooleanProperty("reachable", reachable));
        send(null, event("store", json));
    }

    private void send(AppId app, String name, Consumer<JsonGenerator> content) {
        if (!clients.isEmpty()) {
            String json =
                    Json.object(out -> {
                        out.writeStringProperty("app", app.value());
                        content.accept(out);
                    });
            send(app, event(name, json));
        }
    }

    private void send(@Nullable AppId app, String event) {
        for (Client client : clients) {
            if (app == null || client.visible.test(app.value())) {
                client.offer(event);
            }
        }
    }

    private static String event(String name, String json) {
        return "event: " + name + "\ndata: " + json + "\n\n";
    }

    /** One stream. All but {@link #offer} and {@link #end} runs on its event loop. */
    private final class Client {
        private final Context context;
        private final HttpServerResponse response;
        private final Predicate<String> visible;
        private final AtomicInteger pending = new AtomicInteger();
        private volatile boolean missed = true;
        private Iterator<Handout> snapshot = Collections.emptyIterator();
        private long heartbeat;

        Client(Context context, HttpServerResponse response, Predicate<String> visible) {
            this.context = context;
            this.response = response;
            this.visible = visible;
        }

        void begin() {
            clients.add(this);
            heartbeat = context.owner().setPeriodic(HEARTBEAT.toMillis(), beat -> beat());
            response.closeHandler(gone -> forget());
            response.exceptionHandler(cut -> forget());
            response.drainHandler(caughtUp -> catchUp());
            response.write(":\n\n");
            catchUp();
            if (closed) {
                end();
            }
        }

        /** From any thread. */
        void offer(String event) {
            if (pending.incrementAndGet() > MOST_PENDING) {
                pending.decrementAndGet();
                missed = true;
                return;
            }
            context.runOnContext(now -> {
                pending.decrementAndGet();
                write(event);
            });
        }

        /** From any thread. */
        void end() {
            context.runOnContext(now -> {
                forget();
                if (!response.ended() && !response.closed()) {
                    response.end();
                }
            });
        }

        private void write(String text) {
            if (response.ended() || response.closed()) {
                return;
            }
            if (response.writeQueueFull()) {
                missed = true;
            } else {
                response.write(text);
                catchUp();
            }
        }

        /**
         * Goes on with the state of all apps for as long as the client has room; begins again where
         * an event was missed meanwhile.
         */
        private void catchUp() {
            while (!response.writeQueueFull() && (snapshot.hasNext() || missed)) {
                if (!snapshot.hasNext()) {
                    missed = false;
                    snapshot = asked.values().iterator();
                } else {
                    Handout next = snapshot.next();
                    if (visible.test(next.name())) {
                        response.write(event("app", AppView.of(next.source()).json()));
                    }
                }
            }
        }

        private void beat() {
            write(":\n\n");
        }

        private void forget() {
            clients.remove(this);
            context.owner().cancelTimer(heartbeat);
        }
    }
}
