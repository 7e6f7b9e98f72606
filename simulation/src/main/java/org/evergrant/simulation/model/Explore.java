package org.evergrant.simulation.model;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.spi.DurationText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that explores the rotation within bounds of one's choice. */
@Command(
        name = "explore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Explores every state that the rotation can reach within the bounds, and checks the"
                    + " invariants in each.",
            "Ends with 0 if all hold, with 1 if one is broken, after telling how."
        },
        footer = {
            "",
            "Faults: crash, lost, rival, stall, refusal, unheard, wrong-401, picky-ask,"
                    + " store-away.",
            "Time passes in steps of 0.5 s, without an end.",
            "Two retentions are explored at a time. Each needs some 500 bytes a state."
        })
public final class Explore implements Callable<Integer> {
    private static final int AT_A_TIME = 2;

    /** What the build explores. */
    static final Map<Fault, Integer> FAULTS = Map.of(Fault.CRASH, 1, Fault.LOST, 1, Fault.RIVAL, 1);

    /** Every kind of retention. */
    static final List<Retention> RETENTIONS =
            List.of(
                    Retention.parse("indexed:2"),
                    Retention.parse("sticky:4s"),
                    Retention.parse("keep-all"),
                    Retention.parse("newest:2"),
                    Retention.parse("grace:4s"),
                    Retention.parse("newest-only"));

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "Nodes that mint, 1 to 4 (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--retention",
            paramLabel = "RULE",
            description = "One retention, such as newest:3 (default: six, one of each kind).")
    private @Nullable String retention;

    @Option(
            names = "--life",
            paramLabel = "TIME",
            description = "How long tokens live, 10s to 20s (default: 20s; 10s for newest:N).")
    private @Nullable String life;

    @Option(
            names = "--budget",
            paramLabel = "N/T",
            description = "A mint budget, such as 3/20s (default: none).")
    private @Nullable String budget;

    @Option(
            names = "--fault",
            paramLabel = "F=N",
            description =
                    "Fault F happens at most N times; may be given again (default: crash=1,"
                            + " lost=1, rival=1).")
    private Map<String, Integer> faults = Map.of();

    private Explore() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new Explore())
                        .setExecutionExceptionHandler(Explore::say)
                        .execute(arguments));
    }

    private static int say(Exception failure, CommandLine command, CommandLine.ParseResult line) {
        command.getErr().println("explore: " + failure.getMessage());
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        List<Bounds> all = new ArrayList<>();
        for (Retention rules :
                retention == null ? RETENTIONS : List.of(Retention.parse(retention))) {
            Bounds bounds = Bounds.of(nodes, rules).with(faults());
            bounds = budget == null ? bounds : bounds.with(MintBudget.parse(budget));
            all.add(life == null ? bounds : bounds.living(DurationText.parse(life)));
        }
        return explore(all, Protocol.PRODUCTION, spec.commandLine().getOut()) ? 0 : 1;
    }

    /**
     * Explores all of these, tells of each, and returns whether every invariant holds everywhere.
     */
    static boolean explore(List<Bounds> all, Protocol protocol, PrintWriter out)
            throws InterruptedException, ExecutionException {
        boolean isWell = true;
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<Explorer.Found>> finds = new ArrayList<>();
            for (Bounds bounds : all) {
                finds.add(threads.submit(() -> Explorer.of(bounds, protocol).explore()));
            }
            for (Future<Explorer.Found> find : finds) {
                Explorer.Found found = find.get();
                out.println(line(found));
                if (found.breach() != null) {
                    isWell = false;
                    out.print(Story.of(found.bounds(), protocol, found.breach()));
                }
                out.flush();
            }
        }
        return isWell;
    }

    private static String line(Explorer.Found found) {
        return String.format(
                Locale.ROOT,
                "%s: %,d states, %,d moves, depth %d, a live token again after at most %.1f s, took"
                        + " %.0f s: %s",
                found.bounds(),
                found.states(),
                found.moves(),
                found.depth(),
                Bounds.TICK.multipliedBy(found.recovery()).toMillis() / 1000.0,
                found.took().toMillis() / 1000.0,
                found.breach() == null ? "every invariant holds" : "BROKEN");
    }

    private Map<Fault, Integer> faults() {
        if (faults.isEmpty()) {
            return FAULTS;
        }
        Map<Fault, Integer> named = new java.util.EnumMap<>(Fault.class);
        faults.forEach((name, most) -> named.put(Fault.parse(name), most));
        return named;
    }
}
