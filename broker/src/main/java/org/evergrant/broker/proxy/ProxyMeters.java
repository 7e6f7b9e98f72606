package org.evergrant.broker.proxy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Counts the calls of one app. */
final class ProxyMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60)
    };

    /** Of any other a caller could make as many as it likes, and each would be a meter. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private record Key(String caller, String method, int status, boolean replayed) {}

    private final MeterRegistry registry;
    private final String app;
    private final Map<Key, Counter> calls = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Timer wait;
    private final Timer upstream;

    ProxyMeters(MeterRegistry registry, String app, Supplier<Number> waiting) {
        this.registry = registry;
        this.app = app;
        Gauge.builder("evergrant.proxy.in.flight", inFlight, AtomicInteger::get)
                .description("Calls that are being forwarded")
                .tag("app", app)
                .register(registry);
        Gauge.builder("evergrant.proxy.waiting", waiting)
                .description("Calls that wait for a token")
                .tag("app", app)
                .register(registry);
        wait = timer("evergrant.proxy.wait", "How long calls waited for their turn and a token");
        upstream =
                timer("evergrant.proxy.upstream", "From sending a call to the head of its answer");
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .tag("app", app)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    void began() {
        inFlight.incrementAndGet();
    }

    /** Counts a call that is over. */
    void ended(Ended call) {
        inFlight.decrementAndGet();
        String method = call.request().method().name();
        Key key =
                new Key(
                        call.caller(),
                        METHODS.contains(method) ? method : "other",
                        call.status(),
                        call.replayed());
        calls.computeIfAbsent(key, this::counter).increment();
        if (call.waitNs() >= 0) {
            wait.record(call.waitNs(), TimeUnit.NANOSECONDS);
        }
        if (call.upstreamNs() >= 0) {
            upstream.record(call.upstreamNs(), TimeUnit.NANOSECONDS);
        }
    }

    private Counter counter(Key key) {
        return Counter.builder("evergrant.proxy.calls")
                .description("Forwarded calls, by how they were answered; 499: the caller left")
                .tag("app", app)
                .tag("caller", key.caller())
                .tag("method", key.method())
                .tag("status", Integer.toString(key.status()))
                .tag("replayed", Boolean.toString(key.replayed()))
                .register(registry);
    }
}
