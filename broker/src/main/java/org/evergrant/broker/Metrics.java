package org.evergrant.broker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.evergrant.AppId;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Trouble;

/**
 * Counts in the words of the design. Every meter of an app is there from the start, so that a rate
 * begins at 0 and counting on the hit path looks nothing up.
 */
final class Metrics implements Observer, AutoCloseable {

    /** How a hand-out ended. */
    enum Outcome {
        SERVED,
        TRY_LATER,
        MISCONFIGURED,
        STORE_AWAY,
        FAILED;

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<AppId, AppMeters> byApp = new HashMap<>();
    private final Counter authFailures;
    private volatile boolean storeReachable = true;

    Metrics(Iterable<AppId> apps) {
        authFailures =
                Counter.builder("evergrant.auth.failures")
                        .description("Requests with wrong credentials")
                        .register(registry);
        Gauge.builder("evergrant.store.reachable", () -> storeReachable ? 1 : 0)
                .description("1 while the store answers")
                .register(registry);
        for (AppId app : apps) {
            byApp.put(app, new AppMeters(app));
        }
    }

    /** Shows the app's state from now on. */
    void watch(TokenSource source) {
        String app = source.app().id().value();
        Gauge.builder("evergrant.token.life.left", source, Metrics::lifeLeft)
                .description("What a caller would be told as expires_in now")
                .baseUnit("seconds")
                .tag("app", app)
                .register(registry);
        Gauge.builder("evergrant.generation", source, one -> one.record().generation())
                .description("The number of the newest token, over all nodes and restarts")
                .tag("app", app)
                .register(registry);
        for (Trouble.Kind kind : Trouble.Kind.values()) {
            Gauge.builder("evergrant.trouble", source, one -> trouble(one.record(), kind))
                    .description("1 while the app has this trouble")
                    .tag("app", app)
                    .tag("kind", kind.word())
                    .register(registry);
        }
    }

    /** Returns where meters of others are kept. */
    MeterRegistry registry() {
        return registry;
    }

    String scrape() {
        return registry.scrape();
    }

    /** Returns the counter of hand-outs at the token endpoint that ended so. */
    Counter handouts(AppId app, Outcome outcome) {
        return Objects.requireNonNull(meters(app).handouts.get(outcome));
    }

    void authFailed() {
        authFailures.increment();
    }

    void storeReachable(boolean reachable) {
        storeReachable = reachable;
    }

    @Override
    public void minted(AppId app, Token token, Duration took) {
        AppMeters meters = meters(app);
        meters.minted.increment();
        meters.mint.record(took);
    }

    @Override
    public void notMinted(AppId app, Trouble trouble, Duration took) {
        AppMeters meters = meters(app);
        Objects.requireNonNull(meters.notMinted.get(trouble.kind())).increment();
        meters.mint.record(took);
    }

    @Override
    public void adopted(AppId app, Token token) {
        meters(app).adoptions.increment();
    }

    @Override
    public void rejected(AppId app, long generation, boolean newest) {
        AppMeters meters = meters(app);
        (newest ? meters.rejectedNewest : meters.rejectedOlder).increment();
    }

    @Override
    public void waited(AppId app, Duration waited, boolean served) {
        meters(app).wait.record(waited);
    }

    @Override
    public void store(boolean reachable) {
        storeReachable = reachable;
    }

    @Override
    public void close() {
        registry.close();
    }

    private AppMeters meters(AppId app) {
        return Objects.requireNonNull(byApp.get(app), "no such app");
    }

    private static double lifeLeft(TokenSource source) {
        // Without a token there is no need of the store's clock, which a first look would ask for.
        return source.record()
                .newest()
                .flatMap(newest -> source.record().usable(source.now()))
                .map(source::lifeLeft)
                .map(left -> left.toMillis() / 1000.0)
                .orElse(0.0);
    }

    private static double trouble(AppRecord record, Trouble.Kind kind) {
        Trouble trouble = record.trouble();
        return trouble != null && trouble.kind() == kind ? 1 : 0;
    }

    /** The meters of one app. */
    private final class AppMeters {
        private final String app;
        private final Counter minted;
        private final Map<Trouble.Kind, Counter> notMinted = new EnumMap<>(Trouble.Kind.class);
        private final Map<Outcome, Counter> handouts = new EnumMap<>(Outcome.class);
        private final Counter adoptions;
        private final Counter rejectedNewest;
        private final Counter rejectedOlder;
        private final Timer mint;
        private final Timer wait;

        AppMeters(AppId id) {
            app = id.value();
            String mints = "Mints of this node";
            minted = counter("evergrant.mints", mints, "outcome", "minted");
            for (Trouble.Kind kind : Trouble.Kind.values()) {
                notMinted.put(kind, counter("evergrant.mints", mints, "outcome", kind.word()));
            }
            for (Outcome outcome : Outcome.values()) {
                handouts.put(
                        outcome,
                        counter(
                                "evergrant.handouts",
                                "Tokens asked for, by how that ended",
                                "door",
                                "token",
                                "outcome",
                                outcome.word()));
            }
            adoptions =
                    counter("evergrant.adoptions", "Tokens taken over that another node minted");
            String rejections = "Reports that the API refused a token";
            rejectedNewest = counter("evergrant.rejections", rejections, "newest", "true");
            rejectedOlder = counter("evergrant.rejections", rejections, "newest", "false");
            mint = timer("evergrant.mint", "From sending a mint to its whole answer");
            wait = timer("evergrant.wait", "How long callers waited that had to");
        }

        private Counter counter(String name, String description, String... tags) {
            return Counter.builder(name)
                    .description(description)
                    .tag("app", app)
                    .tags(tags)
                    .register(registry);
        }

        private Timer timer(String name, String description) {
            return Timer.builder(name)
                    .description(description)
                    .tag("app", app)
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
        }
    }
}
