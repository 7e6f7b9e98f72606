package org.evergrant.trials;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.EvergrantException;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.jdbc.SqliteStore;

/**
 * One process with many callers that use the library: ask, call, report a 401, think. Told what to
 * do by its environment; prints one {@link Tally} line at the end.
 */
public final class Worker {
    /**
     * Within this time each process has minted once. The first mint of a JVM takes some 50 ms
     * longer, because it loads the HTTP client.
     */
    private static final long WARM_UP_SECONDS = 18;

    private final TokenSource tokens;
    private final Api api;
    private final long thinkMs;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong overslept = new AtomicLong();
    private final AtomicLong tokenless = new AtomicLong();
    private final AtomicLong longestWait = new AtomicLong();

    private Worker(TokenSource tokens, Api api, long thinkMs) {
        this.tokens = tokens;
        this.api = api;
        this.thinkMs = thinkMs;
    }

    /** Runs until the time is over. */
    public static void main(String[] args) throws InterruptedException {
        String provider = told("PROVIDER");
        App app = app(provider, told("RETENTION"));
        SqliteStore store = SqliteStore.open(Path.of(told("STORE")));
        try (Node node = Node.builder().store(store).build()) {
            Worker worker =
                    new Worker(
                            node.tokens(app), new Api(provider), Long.parseLong(told("THINK_MS")));
            int callers = Integer.parseInt(told("CALLERS"));
            Duration time = Duration.ofSeconds(Long.parseLong(told("SECONDS")));
            System.out.println(worker.run(callers, time).toLine());
        }
    }

    private static String told(String name) {
        return Objects.requireNonNull(System.getenv("TRIAL_" + name), name);
    }

    static App app(String provider, String retention) {
        return App.zoom(AppId.of("zoom"))
                .tokenUrl(URI.create(provider + "/oauth/token"))
                .apiUrl(URI.create(provider))
                .accountId("demo-account")
                .clientId("demo-client")
                .clientSecret(Secret.of("demo-secret"))
                .retention(Retention.parse(retention))
                .mintDeadline(Duration.ofSeconds(5))
                .build();
    }

    private Tally run(int callers, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        for (int i = 0; i < callers; i++) {
            threads.execute(() -> call(end));
        }
        threads.shutdown();
        if (!threads.awaitTermination(time.toSeconds() + 60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("callers hang");
        }
        return new Tally(
                calls.get(), refused.get(), overslept.get(), tokenless.get(), longestWait.get());
    }

    /**
     * A call that is on its way for longer than this after it was handed its token is not promised.
     */
    static Instant arrivesBy(Token token) {
        Duration margin = Duration.between(token.promisedUntil(), token.expiresAt());
        Duration settle = margin.dividedBy(2);
        Duration most = Duration.ofSeconds(1);
        return token.promisedUntil().plus(settle.compareTo(most) < 0 ? settle : most);
    }

    private void call(long end) {
        long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS);
        while (System.nanoTime() - end < 0) {
            long think = ThreadLocalRandom.current().nextLong(thinkMs, 2 * thinkMs);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(think));
            try {
                long asked = System.nanoTime();
                Token token = tokens.get();
                long waited = System.nanoTime() - asked;
                if (asked - warm > 0) {
                    longestWait.accumulateAndGet(waited / 1_000_000, Math::max);
                }
                calls.incrementAndGet();
                if (api.call(token) == 401) {
                    boolean promised = tokens.now().isBefore(arrivesBy(token));
                    (promised ? refused : overslept).incrementAndGet();
                    boolean newest = tokens.reject(token);
                    System.err.println(
                            "401 for generation " + token.generation() + " " + promised + newest);
                }
            } catch (EvergrantException none) {
                tokenless.incrementAndGet();
                System.err.println(none);
            }
        }
    }
}
