package org.evergrant.simulation.fleet;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that lets the weeks of any number of seeds pass. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs whole nodes through weeks of faults on virtual time, and says of every call that"
                    + " failed whose fault it was.",
            "Each seed is a fleet of its own, and always the same one. Ends with 0 if no rule was"
                    + " broken, with 1 if one was, after telling how."
        })
public final class Simulate implements Callable<Integer> {
    /** What was begun is kept in order by so many that may wait for a slower one, a thread. */
    private static final int AHEAD = 4;

    private static final long PROGRESS_EVERY = 10 * Span.SECOND;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many seeds (default: ${DEFAULT-VALUE}).")
    private long seeds;

    @Option(
            names = "--from",
            paramLabel = "SEED",
            defaultValue = "1",
            description = "The first of them (default: ${DEFAULT-VALUE}).")
    private long from;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many seeds at a time (default: one a core).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--keep",
            paramLabel = "FILE",
            description = "Where to add the seeds that break a rule (default: nowhere).")
    private @Nullable Path keep;

    private Simulate() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Simulate()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        Table table = new Table();
        long began = System.nanoTime();
        long told = began;
        Deque<Future<Outcome>> running = new ArrayDeque<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (long begun = 0; begun < seeds || !running.isEmpty(); ) {
                if (begun < seeds && running.size() < threads * AHEAD) {
                    long seed = from + begun++;
                    running.add(pool.submit(() -> Fleet.run(Plan.of(seed))));
                    continue;
                }
                Outcome outcome = running.remove().get();
                table.add(outcome);
                if (!outcome.isWell()) {
                    tell(outcome, out);
                }
                if (System.nanoTime() - told > PROGRESS_EVERY) {
                    told = System.nanoTime();
                    progress.printf(
                            "%,d of %,d seeds, %,d node-days, %,d broke a rule%n",
                            table.seeds(), seeds, table.nodeDays(), table.failed());
                    progress.flush();
                }
            }
        }
        out.print(table.told(System.nanoTime() - began));
        out.flush();
        return table.failed() == 0 ? 0 : 1;
    }

    private void tell(Outcome outcome, PrintWriter out) {
        out.print(told(outcome));
        out.flush();
        if (keep != null) {
            KeptSeeds.keep(keep, outcome);
        }
    }

    /** Returns which rules a seed broke, and how. */
    static String told(Outcome outcome) {
        StringBuilder told = new StringBuilder();
        for (Tally.Breach breach : outcome.tally().breaches()) {
            AppPlan app = outcome.plan().apps().get(breach.app());
            told.append("seed ").append(outcome.plan().seed());
            told.append(": ").append(breach.rule().words()).append('\n');
            told.append(app.app()).append(", ").append(outcome.tally().broken()).append('\n');
            told.append(breach.story()).append('\n');
        }
        return told.toString();
    }
}
