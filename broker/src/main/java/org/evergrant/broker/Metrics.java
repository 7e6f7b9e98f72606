package org.evergrant.broker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Token;
import org.evergrant.broker.meters.Durations;
import org.evergrant.broker.meters.Exposition;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Trouble;

/**
 * Counts in the words of the design. Of an app we keep the counts alone and not the library's
 * meters, which take 20 kB an app; they are made when it is first asked for, and a look at them
 * writes as it goes through the apps.
 */
final class Metrics implements Observer, AutoCloseable {

    /** How a hand-out ended. */
    enum Outcome {
        SERVED,
        TRY_LATER,
        MISCONFIGURED,
        STORE_AWAY,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Up to so many apps each one is shown from the start with all it has, so that a rate begins at
     * 0. Of more apps, whose zeros nobody could store, only what has counted.
     */
    private static final int MOST_IN_FULL = 1000;

    private final Collection<App> apps;
    private final Map<String, Handout> asked;
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<Consumer<Exposition>> others = new CopyOnWriteArrayList<>();
    private final Counter authFailures;
    private volatile boolean storeReachable = true;

    /**
     * Makes one that counts from zero.
     *
     * @param asked those of the apps that were asked for, by name, as they come
     */
    Metrics(Collection<App> apps, Map<String, Handout> asked) {
        this.apps = apps;
        this.asked = asked;
        authFailures =
                Counter.builder("evergrant.auth.failures")
                        .description("Requests with wrong credentials")
                        .register(registry);
        Gauge.builder("evergrant.store.reachable", () -> storeReachable ? 1 : 0)
                .description("1 while the store answers")
                .register(registry);
    }

    /** Returns where meters that are of no app are kept. */
    MeterRegistry registry() {
        return registry;
    }

    /** Shows what another one counts, too. */
    void also(Consumer<Exposition> writer) {
        others.add(writer);
    }

    void authFailed() {
        authFailures.increment();
    }

    @Override
    public void minted(AppId app, Token token, Duration took) {
        meters(app).minted(took);
    }

    @Override
    public void notMinted(AppId app, Trouble trouble, Duration took) {
        meters(app).notMinted(trouble.kind(), took);
    }

    @Override
    public void adopted(AppId app, Token token) {
        meters(app).adopted();
    }

    @Override
    public void rejected(AppId app, long generation, boolean newest) {
        meters(app).rejected(newest);
    }

    @Override
    public void waited(AppId app, Duration waited, boolean served) {
        meters(app).waited(waited);
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
        return Objects.requireNonNull(asked.get(app.value()), "no such app").meters();
    }

    /** Writes all there is. Blocks while the client reads. */
    void write(LongAnswer answer) {
        boolean full = apps.size() <= MOST_IN_FULL;
        Collection<AppMeters> shown =
                full
                        ? apps.stream().map(this::shown).toList()
                        : asked.values().stream().map(Handout::meters).toList();
        Exposition out = new Exposition(answer::write, full);
        AppMeters.writeCounters(out, shown);
        histogram(
                out,
                "evergrant_mint_seconds",
                "From sending a mint to its whole answer",
                shown,
                AppMeters::mints);
        histogram(
                out,
                "evergrant_wait_seconds",
                "How long callers waited that had to",
                shown,
                AppMeters::waits);
        gauges(out, shown);
        others.forEach(other -> other.accept(out));
        answer.write(registry.scrape());
    }

    private AppMeters shown(App app) {
        Handout there = asked.get(app.id().value());
        return there == null ? new AppMeters(app.id(), null) : there.meters();
    }

    private static void histogram(
            Exposition out,
            String family,
            String help,
            Collection<AppMeters> shown,
            Function<AppMeters, Durations> durations) {
        out.family(family, "histogram", help);
        for (AppMeters one : shown) {
            durations.apply(one).write(out, family, one.app());
        }
    }

    private static void gauges(Exposition out, Collection<AppMeters> shown) {
        out.family("evergrant_generation", "gauge", "The newest token's, over all nodes");
        for (AppMeters one : shown) {
            out.sample("evergrant_generation", one.app(), "", (double) one.record().generation());
        }
        out.family("evergrant_token_life_left_seconds", "gauge", "What expires_in would be now");
        for (AppMeters one : shown) {
            out.sample("evergrant_token_life_left_seconds", one.app(), "", one.lifeLeft());
        }
        out.family("evergrant_trouble", "gauge", "1 while the app has this trouble");
        for (AppMeters one : shown) {
            Trouble trouble = one.record().trouble();
            for (Trouble.Kind kind : Trouble.Kind.values()) {
                boolean has = trouble != null && trouble.kind() == kind;
                String labels = ",kind=\"" + kind.word() + "\"";
                out.sample("evergrant_trouble", one.app(), labels, has ? 1 : 0);
            }
        }
    }
}
