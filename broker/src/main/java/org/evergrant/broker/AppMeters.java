package org.evergrant.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.evergrant.AppId;
import org.evergrant.TokenSource;
import org.evergrant.broker.meters.Counts;
import org.evergrant.broker.meters.Durations;
import org.evergrant.broker.meters.Exposition;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * What one app has counted, and what it is like now. There may be 100,000, so only what has counted
 * takes room; what stands at which place is the same for every app.
 */
final class AppMeters {

    /** Counters of one name that differ in their labels. */
    enum Family {
        ADOPTIONS("evergrant_adoptions_total", "Tokens taken over that another node minted"),
        HANDOUTS("evergrant_handouts_total", "Tokens asked for, by how that ended"),
        MINTS("evergrant_mints_total", "Mints of this node"),
        REJECTIONS("evergrant_rejections_total", "Reports that the API refused a token");

        private final String series;
        private final String help;

        Family(String series, String help) {
            this.series = series;
            this.help = help;
        }
    }

    /** One counter of every app: its place, and the labels that follow the app's. */
    private record Counter(Family family, int place, String labels) {}

    private static final List<Counter> COUNTERS = new ArrayList<>();

    private static final Counter ADOPTED = counter(Family.ADOPTIONS, "");
    private static final Map<Metrics.Outcome, Counter> HANDED_OUT =
            each(
                    Metrics.Outcome.class,
                    outcome ->
                            counter(
                                    Family.HANDOUTS,
                                    ",door=\"token\",outcome=\"" + outcome.word() + "\""));
    private static final Counter MINTED = counter(Family.MINTS, ",outcome=\"minted\"");
    private static final Map<Trouble.Kind, Counter> NOT_MINTED =
            each(
                    Trouble.Kind.class,
                    kind -> counter(Family.MINTS, ",outcome=\"" + kind.word() + "\""));
    private static final Counter REJECTED_NEWEST = counter(Family.REJECTIONS, ",newest=\"true\"");
    private static final Counter REJECTED_OLDER = counter(Family.REJECTIONS, ",newest=\"false\"");

    private static final int MINT = COUNTERS.size();
    private static final int WAIT = MINT + Durations.PLACES;

    private final AppId app;
    private final @Nullable TokenSource source;
    private final Counts counts = new Counts();

    /**
     * Makes the meters of an app.
     *
     * @param source null while nobody has asked for it
     */
    AppMeters(AppId app, @Nullable TokenSource source) {
        this.app = app;
        this.source = source;
    }

    private static Counter counter(Family family, String labels) {
        Counter counter = new Counter(family, COUNTERS.size(), labels);
        COUNTERS.add(counter);
        return counter;
    }

    private static <E extends Enum<E>> Map<E, Counter> each(
            Class<E> type, Function<E, Counter> counter) {
        Map<E, Counter> all = new EnumMap<>(type);
        for (E one : type.getEnumConstants()) {
            all.put(one, counter.apply(one));
        }
        return all;
    }

    void handedOut(Metrics.Outcome outcome) {
        count(HANDED_OUT.get(outcome));
    }

    void minted(Duration took) {
        count(MINTED);
        mints().add(took);
    }

    void notMinted(Trouble.Kind kind, Duration took) {
        count(NOT_MINTED.get(kind));
        mints().add(took);
    }

    void adopted() {
        count(ADOPTED);
    }

    void rejected(boolean newest) {
        count(newest ? REJECTED_NEWEST : REJECTED_OLDER);
    }

    void waited(Duration waited) {
        waits().add(waited);
    }

    private void count(@Nullable Counter counter) {
        counts.increment(Objects.requireNonNull(counter).place());
    }

    /** Writes the counters of every app in {@code shown}. */
    static void writeCounters(Exposition out, Iterable<AppMeters> shown) {
        for (Family family : Family.values()) {
            List<Counter> counters =
                    COUNTERS.stream().filter(one -> one.family() == family).toList();
            out.family(family.series, "counter", family.help);
            for (AppMeters one : shown) {
                for (Counter counter : counters) {
                    double count = (double) one.counts.get(counter.place());
                    out.sample(family.series, one.app(), counter.labels(), count);
                }
            }
        }
    }

    String app() {
        return app.value();
    }

    Durations mints() {
        return new Durations(counts, MINT);
    }

    Durations waits() {
        return new Durations(counts, WAIT);
    }

    AppRecord record() {
        return source == null ? AppRecord.EMPTY : source.record();
    }

    /** Returns what a caller would be told as {@code expires_in} now. */
    double lifeLeft() {
        // Without a token there is no need of the store's clock, which a first look would ask for.
        return source == null || record().newest().isEmpty()
                ? 0
                : record().usable(source.now())
                        .map(token -> source.lifeLeft(token).toMillis() / 1000.0)
                        .orElse(0.0);
    }
}
