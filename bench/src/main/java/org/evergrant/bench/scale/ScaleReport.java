package org.evergrant.bench.scale;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.evergrant.Retention;
import org.evergrant.bench.scale.VirtualFleet.Cost;
import org.evergrant.testkit.CountingStore.Counts;

/**
 * Prints what a fleet costs as Markdown: {@code calls PLOT}, {@code hand-over STORE…}, {@code
 * renewals STORE…} or {@code footprint}, where a store is what {@link Backend#of} takes.
 */
public final class ScaleReport {
    private static final Retention STRICT = Retention.NEWEST_ONLY;

    private final PrintStream out;
    private final Sizes sizes;

    /** How much is measured. */
    record Sizes(
            List<Integer> callers,
            List<Integer> nodes,
            List<Integer> apps,
            int hours,
            int rounds,
            int appsInUse,
            Duration life,
            int underWay,
            Duration renewing,
            int footprint) {
        private static final Sizes FULL =
                new Sizes(
                        List.of(1, 64, 1000),
                        List.of(1, 5, 20),
                        List.of(1, 1000, 100_000),
                        2,
                        300,
                        100_000,
                        Duration.ofSeconds(90),
                        64,
                        Duration.ofSeconds(10),
                        100_000);
    }

    ScaleReport(PrintStream out, Sizes sizes) {
        this.out = out;
        this.sizes = sizes;
    }

    /** Prints one part. */
    public static void main(String... arguments) throws Exception {
        ScaleReport report = new ScaleReport(System.out, Sizes.FULL);
        List<String> rest = List.of(arguments).subList(1, arguments.length);
        switch (arguments[0]) {
            case "calls" -> report.calls(Path.of(rest.get(0)));
            case "hand-over" -> report.handOver(rest);
            case "renewals" -> report.renewals(rest);
            case "footprint" -> report.footprint();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    void calls(Path plot) throws IOException {
        table(
                "callers on each of 5 nodes | asks an hour | mints | reads | writes | clock |"
                        + " events");
        for (int callers : sizes.callers()) {
            try (VirtualFleet fleet = new VirtualFleet(5, 1, STRICT)) {
                Duration pause = Duration.ofMillis(100);
                fleet.run(Duration.ofHours(1), 1, pause);
                Cost cost = fleet.run(Duration.ofHours(sizes.hours()), callers, pause);
                row(Integer.toString(callers), cost, sizes.hours());
            }
        }
        List<Plot.Line> lines = new ArrayList<>();
        table(
                "nodes and apps, all apps in use on all nodes | asks | mints | reads | writes |"
                        + " clock | events");
        for (int apps : sizes.apps()) {
            List<Double> line = new ArrayList<>();
            for (int nodes : sizes.nodes()) {
                try (VirtualFleet fleet = new VirtualFleet(nodes, apps, STRICT)) {
                    Duration pause = Duration.ofMinutes(5);
                    fleet.run(Duration.ofHours(1), 1, pause);
                    Cost cost = fleet.run(Duration.ofHours(sizes.hours()), 1, pause);
                    row(nodes + " × " + apps, cost, (double) sizes.hours() * apps);
                    line.add(cost.store().calls() / (3600.0 * sizes.hours()));
                }
            }
            lines.add(
                    new Plot.Line(
                            String.format(Locale.ROOT, apps == 1 ? "%,d app" : "%,d apps", apps),
                            line));
        }
        Files.writeString(plot, plot(lines).svg());
    }

    private Plot plot(List<Plot.Line> lines) {
        return new Plot(
                "What a fleet asks of its store, newest-only, tokens of an hour",
                "nodes, each with every app in use",
                "calls of the store per second",
                sizes.nodes().stream().map(Integer::doubleValue).toList(),
                lines);
    }

    private void row(String what, Cost cost, double appHours) {
        Counts store = cost.store();
        out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                what,
                cost.asks() / appHours,
                cost.mints() / appHours,
                store.reads() / appHours,
                store.writes() / appHours,
                store.clocks() / appHours,
                store.events() / appHours);
    }

    /** The goal counts round trips of the hand-over's own pace: one, and then a pause. */
    void handOver(List<String> stores) throws Exception {
        table(
                "store | without a pause: read p50, p99 ms | write p50, p99 ms | every "
                        + HandOver.LATENCY.toMillis()
                        + " ms: read p50, p99 ms | write p50, p99 ms | hand-over p50, p99 ms |"
                        + " goal: 5 such writes + 5 ms | load");
        for (String store : stores) {
            try (Backend backend = Backend.of(store)) {
                RoundTrip busy = roundTrip(backend, Duration.ZERO);
                RoundTrip paced = roundTrip(backend, HandOver.LATENCY);
                Samples took = HandOver.of(backend, 4, sizes.rounds());
                out.printf(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s | %s | %.1f | %s |%n",
                        backend.name(),
                        shown(busy.read()),
                        shown(busy.cas()),
                        shown(paced.read()),
                        shown(paced.cas()),
                        shown(took),
                        5 * paced.cas().ms(0.5) + 5,
                        load());
            }
        }
    }

    private RoundTrip roundTrip(Backend backend, Duration pause) throws InterruptedException {
        try (var store = backend.open()) {
            return RoundTrip.of(store, sizes.rounds(), pause);
        }
    }

    /** The median and the 99th of a hundred, in milliseconds. */
    private static String shown(Samples samples) {
        return String.format(Locale.ROOT, "%.2f, %.2f", samples.ms(0.5), samples.ms(0.99));
    }

    void renewals(List<String> stores) throws Exception {
        table(
                "store | nodes | renewals/s | adoptions each | store calls each | p50 ms | p99 ms |"
                        + " load");
        for (String store : stores) {
            for (int nodes : List.of(2, 4)) {
                try (Backend backend = Backend.of(store)) {
                    Renewals made =
                            Renewals.of(
                                    backend,
                                    nodes,
                                    isDatabase(store) ? sizes.appsInUse() / 3 : sizes.appsInUse(),
                                    isMemory(store) ? sizes.life().dividedBy(8) : sizes.life(),
                                    sizes.underWay(),
                                    sizes.renewing());
                    out.printf(
                            Locale.ROOT,
                            "| %s | %d | %,.0f | %.2f | %.1f | %.1f | %.1f | %s |%n",
                            backend.name(),
                            nodes,
                            made.perSecond(),
                            made.adoptions(),
                            made.calls(),
                            made.took().ms(0.5),
                            made.took().ms(0.99),
                            load());
                }
            }
        }
    }

    /** Slower than Valkey by so much that fewer apps have their turn in the same time. */
    private static boolean isDatabase(String store) {
        return store.startsWith("postgresql") || store.equals("sqlite");
    }

    /** So quick that no number of apps would do that has room. */
    private static boolean isMemory(String store) {
        return store.equals("memory");
    }

    void footprint() throws Exception {
        Footprint one = Footprint.of(1);
        Footprint many = Footprint.of(sizes.footprint());
        BrokerFootprint broker = BrokerFootprint.of(sizes.footprint());
        table("what | 1 app | " + sizes.footprint() + " apps");
        out.printf("| bytes of an `App` | | %,d |%n", many.app());
        out.printf("| bytes of its `TokenSource`, nobody asks | | %,d |%n", many.idle());
        out.printf("| bytes more with a token of 660 characters | | %,d |%n", many.inUse());
        out.printf(
                "| threads of a node, all apps in use | %d | %d |%n",
                one.threads(), many.threads());
        out.printf("| broker: MB of YAML | | %.1f |%n", broker.yaml() / 1e6);
        out.printf("| broker: ms to read it | | %,d |%n", broker.readMs());
        out.printf("| broker: ms to start | | %,d |%n", broker.startMs());
        out.printf("| broker: MB of heap, nobody asks | | %.1f |%n", broker.heap() / 1e6);
        out.printf("| broker: MB of heap, a token of every app | | %.1f |%n", broker.inUse() / 1e6);
    }

    private void table(String heads) {
        long columns = heads.chars().filter(one -> one == '|').count();
        out.printf("%n| %s |%n| --- |%s%n", heads, " ---: |".repeat((int) columns));
    }

    private static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(Locale.ROOT, "%.1f", load);
    }
}
