package org.evergrant.bench;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link HitPath} with 1 and with 2 threads and prints a table of ratios to the yardstick. The
 * one argument, if given, is the number of forks (2).
 */
public final class HitPathReport {
    private static final int FORKS = 2;
    private static final List<Integer> THREADS = List.of(1, 2);

    /** What a fork runs: enough for the last compiler to have finished, on a machine at rest. */
    private static final int WARMUPS = 2;

    private static final int MEASUREMENTS = 5;
    private static final TimeValue ITERATION = TimeValue.milliseconds(500);

    /** The rows of the table, in its order. */
    enum Row {
        YARDSTICK("yardstick", "volatile read + `nanoTime()`"),
        GET("get", "**Evergrant** `get()`"),
        GET_ASYNC("getAsync", "Evergrant `getAsync()`"),
        LEASE("lease", "Evergrant `lease()` and `close()`"),
        GOOGLE("google", "google-auth-library `refreshIfExpired()`, `getAccessToken()`"),
        SPRING("spring", "Spring Security `authorize(request)`"),
        AZURE("azure", "azure-core `AccessTokenCache.getTokenSync()`");

        private final String benchmark;
        private final String title;

        Row(String benchmark, String title) {
            this.benchmark = benchmark;
            this.title = title;
        }

        String benchmark() {
            return benchmark;
        }

        private static Row of(RunResult result) {
            String name = result.getParams().getBenchmark();
            for (Row row : values()) {
                if (name.endsWith("." + row.benchmark)) {
                    return row;
                }
            }
            throw new IllegalStateException("no row for " + name);
        }
    }

    /**
     * One cell.
     *
     * @param ns the median time of one ask
     * @param bytes the median allocation of one ask
     */
    record Cost(double ns, double bytes) {
        private static Cost of(RunResult result) {
            return new Cost(
                    median(result.getPrimaryResult()),
                    median(
                            Objects.requireNonNull(
                                    result.getSecondaryResults().get("gc.alloc.rate.norm"))));
        }

        // The mean would carry every slice that another process took from us.
        private static double median(Result<?> measured) {
            return measured.getStatistics().getPercentile(50);
        }
    }

    private HitPathReport() {}

    /** Runs all of it, about a minute and a half a fork. */
    public static void main(String[] args) throws RunnerException {
        int forks = args.length == 0 ? FORKS : Integer.parseInt(args[0]);
        for (int threads : THREADS) {
            Map<Row, Cost> costs = new EnumMap<>(Row.class);
            run(threads, forks).forEach(result -> costs.put(Row.of(result), Cost.of(result)));
            System.out.print(table(threads, costs));
        }
    }

    private static Collection<RunResult> run(int threads, int forks) throws RunnerException {
        return new Runner(
                        new OptionsBuilder()
                                .include(HitPath.class.getName() + "\\.")
                                .threads(threads)
                                .forks(forks)
                                .warmupIterations(WARMUPS)
                                .warmupTime(ITERATION)
                                .measurementIterations(MEASUREMENTS)
                                .measurementTime(ITERATION)
                                .addProfiler(GCProfiler.class)
                                .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow")
                                .shouldFailOnError(true)
                                .verbosity(VerboseMode.SILENT)
                                .build())
                .run();
    }

    /** The table as Markdown. */
    static String table(int threads, Map<Row, Cost> costs) {
        Cost yardstick = costs.get(Row.YARDSTICK);
        if (yardstick == null) {
            throw new IllegalArgumentException("no yardstick among " + costs.keySet());
        }
        StringBuilder table =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "%n| %d thread%s | ratio | ns/op | bytes/op |%n"
                                        + "| --- | ---: | ---: | ---: |%n",
                                threads,
                                threads == 1 ? "" : "s"));
        costs.forEach((row, cost) ->
                table.append(
                        String.format(
                                Locale.ROOT,
                                "| %s | %.2f | %.1f | %.0f |%n",
                                row.title,
                                cost.ns / yardstick.ns,
                                cost.ns,
                                cost.bytes)));
        return table.toString();
    }
}
