package org.evergrant.broker;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.evergrant.App;
import org.evergrant.Node;
import org.evergrant.Token;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.proxy.Proxy;
import org.evergrant.spi.Store;

/**
 * The daemon: a token endpoint in front of the providers' token endpoints. Any number of them may
 * share a store; none kills a token that another one promised.
 */
public final class Broker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.evergrant.broker");

    private final Configuration configuration;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpDoor door;
    private final Node node;
    private final Metrics metrics;
    private final Proxy proxy;
    private final Events events;

    /** The apps that were asked for, by name: one map for all who look them up. */
    private final ConcurrentMap<String, Handout> asked = new ConcurrentHashMap<>();

    private final AtomicBoolean closed = new AtomicBoolean();

    private Broker(Configuration configuration, Store store) {
        this.configuration = configuration;
        this.metrics = new Metrics(configuration.apps().values(), asked);
        this.events = new Events(asked);
        this.node =
                Node.builder()
                        .store(store)
                        .executor(threads)
                        .wait(configuration.longestWait())
                        .observer(new Listeners(metrics, new Journal(), events))
                        .build();
        this.door = new HttpDoor(configuration.listen(), longestSilence(configuration));
        this.proxy =
                new Proxy(
                        door.vertx(),
                        configuration.proxying(),
                        configuration.longestWait(),
                        configuration.publicUrl(),
                        metrics.registry(),
                        Broker::refuse);
        metrics.also(proxy::write);
    }

    /** A caller of an API hears nothing while it waits for a token, and then for the API. */
    private static Duration longestSilence(Configuration configuration) {
        Duration answer =
                configuration.apps().values().stream()
                        .map(app -> configuration.forwardingOf(app).answerWithin())
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO);
        return configuration.longestWait().plus(answer);
    }

    private static int refuse(HttpServerRequest request, Throwable why) {
        OauthError error = Failures.error(why);
        Answers.error(request, error, false);
        return error.kind().status();
    }

    /**
     * Opens the store and listens.
     *
     * @throws org.evergrant.EvergrantException when the store cannot be opened
     * @throws IllegalStateException when the address cannot be had
     */
    public static Broker start(Configuration configuration) {
        return start(configuration, configuration.openStore());
    }

    /** The same with a store that is open, closed with the broker. */
    static Broker start(Configuration configuration, Store store) {
        Broker broker = new Broker(configuration, store);
        try {
            broker.open();
        } catch (RuntimeException failure) {
            broker.close();
            throw failure;
        }
        return broker;
    }

    private void open() {
        Handouts apps = new Handouts(configuration.apps(), node, asked);
        Router router = router(apps);
        door.open(router::handle, router::refuse);
        apps.all().stream()
                .filter(App::keepWarm)
                .map(app -> apps.find(app.id().value()))
                .forEach(Broker::warm);
        LOG.log(
                System.Logger.Level.INFO,
                "listening on {0}; apps: {1}; callers: {2}; store: {3}; configuration: {4}",
                url(),
                Names.some(configuration.apps().keySet()),
                Integer.toString(configuration.callers().size()),
                configuration.store(),
                configuration.source());
    }

    private Router router(Handouts apps) {
        Gatekeeper gatekeeper = new Gatekeeper(door.vertx(), new Callers(configuration), metrics);
        App any = configuration.apps().values().iterator().next();
        Openness openness = new Openness(configuration.listen(), configuration.publicUrl() != null);
        StatusRoutes status =
                new StatusRoutes(
                        apps,
                        node.store(),
                        threads,
                        openness,
                        gatekeeper,
                        new Readiness(node.store(), any.recordId(), threads, System::nanoTime),
                        metrics,
                        events);
        return new Router(
                apps,
                new TokenRoutes(apps, gatekeeper, openness, configuration.longestWait()),
                new Metadata(configuration.publicUrl(), door::url, apps.all()),
                status,
                new ProxyRoutes(proxy, apps, gatekeeper, configuration));
    }

    /** An app that is kept warm is asked for once, so that its renewals begin. */
    private static void warm(Handout app) {
        CompletableFuture<Token> _ = app.source().getAsync();
    }

    /** Returns the address that a client on this machine reaches it at. */
    public String url() {
        return door.url();
    }

    /** Returns the port it listens on. */
    public int port() {
        return door.port();
    }

    /**
     * Stops: takes no more connections, lets requests under way end for as long as a caller may
     * wait, publishes a mint under way, gives an unused claim back. Blocks for that long.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        events.close();
        door.drain(configuration.longestWait().plus(Duration.ofSeconds(1)));
        node.close();
        door.close();
        proxy.close();
        metrics.close();
        threads.shutdown();
        LOG.log(System.Logger.Level.INFO, "stopped");
    }
}
