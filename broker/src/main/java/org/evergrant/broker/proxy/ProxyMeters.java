package org.evergrant.broker.proxy;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;
import org.evergrant.broker.meters.Durations;
import org.evergrant.broker.meters.Exposition;

/** What the calls of one app have counted. */
final class ProxyMeters {
    private static final String CALLS = "evergrant_proxy_calls_total";
    private static final String WAIT = "evergrant_proxy_wait_seconds";
    private static final String UPSTREAM = "evergrant_proxy_upstream_seconds";

    /** Of any other a caller could make as many as it likes, and each would be a counter. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private record Key(String caller, String method, int status, boolean replayed) {
        String labels() {
            return ",caller=\""
                    + caller.replace("\\", "\\\\").replace("\"", "\\\"")
                    + "\",method=\""
                    + method
                    + "\",status=\""
                    + status
                    + "\",replayed=\""
                    + replayed
                    + "\"";
        }
    }

    private final String app;
    private final IntSupplier waiting;
    private final Map<Key, LongAdder> calls = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Durations wait = new Durations();
    private final Durations upstream = new Durations();

    ProxyMeters(String app, IntSupplier waiting) {
        this.app = app;
        this.waiting = waiting;
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
        calls.computeIfAbsent(key, first -> new LongAdder()).increment();
        if (call.waitNs() >= 0) {
            wait.add(call.waitNs());
        }
        if (call.upstreamNs() >= 0) {
            upstream.add(call.upstreamNs());
        }
    }

    /** Writes what every app has counted that was called. */
    static void write(Exposition out, Collection<ProxyMeters> all) {
        out.family(CALLS, "counter", "Forwarded calls by their answers; 499: the caller left");
        for (ProxyMeters one : all) {
            one.calls.forEach(
                    (key, count) -> out.sample(CALLS, one.app, key.labels(), count.doubleValue()));
        }
        gauge(out, all, "in_flight", "Calls that are being forwarded", one -> one.inFlight.get());
        gauge(out, all, "waiting", "Calls that wait for a token", one -> one.waiting.getAsInt());
        out.family(WAIT, "histogram", "How long calls waited for their turn and a token");
        all.forEach(one -> one.wait.write(out, WAIT, one.app));
        out.family(UPSTREAM, "histogram", "From sending a call to the head of its answer");
        all.forEach(one -> one.upstream.write(out, UPSTREAM, one.app));
    }

    private static void gauge(
            Exposition out,
            Collection<ProxyMeters> all,
            String name,
            String help,
            ToDoubleFunction<ProxyMeters> value) {
        String family = "evergrant_proxy_" + name;
        out.family(family, "gauge", help);
        all.forEach(one -> out.sample(family, one.app, "", value.applyAsDouble(one)));
    }
}
