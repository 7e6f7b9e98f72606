package org.evergrant.cli;

import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** The callers of one way in one process, and what happened to their calls. */
final class DemoCallers {
    private final DemoWay way;
    private final DemoTokens tokens;
    private final URL api;
    private final long thinkMs;
    private final LongAdder calls = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicReference<String> firstFailure = new AtomicReference<>("");
    private final DemoLatencies latencies = new DemoLatencies();

    DemoCallers(DemoWay way, DemoTokens tokens, String provider, long thinkMs) {
        this.way = way;
        this.tokens = tokens;
        this.api = DemoTokens.url(provider + "/v2/users/me");
        this.thinkMs = thinkMs;
    }

    DemoWay way() {
        return way;
    }

    DemoCounts counts() {
        // Failures first: a call that fails in between must not be a failure without a call.
        long failures = failed.sum();
        return new DemoCounts(calls.sum(), failures);
    }

    /** Returns what the first failed call met; empty where none failed. */
    String firstFailure() {
        return firstFailure.get();
    }

    DemoLatencies latencies() {
        return latencies;
    }

    /** Is one caller until {@code end}, a reading of {@link System#nanoTime}. */
    void run(long end) {
        try {
            pause(0, thinkMs);
            while (System.nanoTime() - end < 0) {
                call();
                pause(thinkMs, 2 * thinkMs);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Makes the JVMs on both sides ready. A mint would count, so only the broker, which hands out
     * the token it has, is asked for one.
     */
    void warmUp(long end) {
        try {
            while (System.nanoTime() - end < 0) {
                DemoHttp.call(api, way == DemoWay.EVERGRANT ? tokens.next() : "none");
            }
        } catch (IOException notYet) {
            // The calls that count will meet it too, and tell.
        }
    }

    private void call() {
        long began = System.nanoTime();
        String failure = "";
        String refused = "";
        try {
            String token = tokens.next();
            long got = System.nanoTime();
            int status = DemoHttp.call(api, token);
            if (status != 200) {
                long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - got);
                failure = "the API answered " + status + ", " + ms + " ms after the token had come";
            }
            if (status == 401) {
                refused = token;
            }
        } catch (IOException broken) {
            failure = String.valueOf(broken.getMessage());
        }
        latencies.add(Duration.ofNanos(System.nanoTime() - began));
        calls.increment();
        if (!failure.isEmpty()) {
            failed.increment();
            firstFailure.compareAndSet("", failure);
        }
        if (!refused.isEmpty()) {
            report(refused);
        }
    }

    private void report(String refused) {
        try {
            tokens.rejected(refused);
        } catch (IOException unheard) {
            firstFailure.compareAndSet("", "the report of a 401 got no answer");
        }
    }

    private static void pause(long leastMs, long mostMs) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(leastMs, mostMs + 1));
    }
}
