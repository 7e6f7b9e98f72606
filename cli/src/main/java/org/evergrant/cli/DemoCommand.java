package org.evergrant.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Retention;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows three ways of calling an API side by side. */
@Command(
        name = "demo",
        description = {
            "Shows three ways of calling the same API side by side: a token minted for every call,"
                    + " a token cached by each process, Evergrant."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Needs no configuration and no network: the provider is an emulator, one for each way.",
            "Exits with 0 only if the evergrant way failed no call.",
            "",
            "  evergrant demo                              the harshest rule: newest-only",
            "  evergrant demo --retention keep-all         the mildest",
            "  evergrant demo --duration 5s --keep         then try the broker yourself"
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration FRAME = Duration.ofMillis(200);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--retention",
            paramLabel = "R",
            converter = EmulatorCommand.RetentionOption.class,
            description = {
                "What a mint does to earlier tokens: newest-only, indexed:N, newest:N,"
                        + " grace:DURATION, keep-all or sticky:DURATION (default: newest-only)."
            })
    private Retention retention = Retention.newestOnly();

    @Option(
            names = "--lifetime",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description = "How long a token lives (default: 12s).")
    private Duration lifetime = Duration.ofSeconds(12);

    @Option(
            names = "--callers",
            paramLabel = "N",
            description = "How many callers each way has (default: 64).")
    private int callers = 64;

    @Option(
            names = "--processes",
            paramLabel = "N",
            description = "How many processes they are spread over (default: 3).")
    private int processes = 3;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description = "How long they call (default: 30s).")
    private Duration duration = Duration.ofSeconds(30);

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Writes the outcome to a file, too.")
    private @Nullable Path json;

    @Option(names = "--keep", description = "Leaves the broker and its provider up until Ctrl-C.")
    private boolean keep;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        DemoPlan plan = new DemoPlan(retention, lifetime, callers, processes, duration, json);
        List<String> faults = plan.faults();
        if (!faults.isEmpty()) {
            faults.forEach(err::println);
            return Exit.WRONG;
        }
        DemoScreen screen = DemoScreen.onStderr(System.getenv());
        screen.say(
                "Starting three providers, a broker and "
                        + (processes == 1 ? "one worker process" : processes + " worker processes")
                        + " ...");
        DemoStage stage = DemoStage.of(plan);
        Thread stop = new Thread(() -> stop(stage, screen), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return run(plan, stage, screen);
        } catch (DemoFailure failure) {
            screen.clear();
            // Ctrl-C reaches the workers too, and that they end is then no news.
            if (!isEnding(stop)) {
                err.println("evergrant: " + failure.getMessage());
            }
            return Exit.FAILED;
        } finally {
            stop(stage, screen);
            isEnding(stop);
        }
    }

    private int run(DemoPlan plan, DemoStage stage, DemoScreen screen) throws InterruptedException {
        stage.start();
        stage.go();
        long began = System.nanoTime();
        long frame = 0;
        while (!stage.listen()) {
            Duration calling = Duration.ofNanos(System.nanoTime() - began);
            stage.mindTheTime(calling);
            if (calling.toNanos() >= frame) {
                screen.show(plan, stage.outcome(), calling);
                frame = calling.plus(FRAME).toNanos();
            }
        }
        DemoOutcome outcome = stage.outcome();
        screen.clear();
        tell(plan, outcome);
        if (keep) {
            stage.keepBroker();
            tellWhatIsKept(stage);
            new CountDownLatch(1).await();
        }
        return outcome.isGood() ? Exit.DONE : Exit.FAILED;
    }

    private void tell(DemoPlan plan, DemoOutcome outcome) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(plan.described() + ", " + Shown.length(plan.length()) + ":");
        out.println();
        outcome.table().forEach(out::println);
        out.println();
        DemoStory.of(plan, outcome).forEach(out::println);
        out.flush();
        if (plan.json() == null) {
            return;
        }
        try {
            Files.writeString(plan.json(), outcome.toJson() + "\n");
        } catch (IOException refused) {
            throw new DemoFailure("cannot write " + plan.json(), refused);
        }
    }

    private void tellWhatIsKept(DemoStage stage) {
        PrintWriter out = spec.commandLine().getOut();
        out.println();
        out.println("broker:    " + stage.brokerUrl());
        out.println("provider:  " + stage.provider(DemoWay.EVERGRANT).url());
        out.println();
        out.println("Both stay until Ctrl-C. A token from the broker:");
        out.println();
        out.println(
                "  curl -u "
                        + Emulator.DEMO_CLIENT
                        + ":"
                        + Emulator.DEMO_SECRET
                        + " -d grant_type=account_credentials -d account_id="
                        + Emulator.DEMO_ACCOUNT
                        + " "
                        + stage.brokerUrl()
                        + "/oauth/token");
        out.flush();
    }

    private static void stop(DemoStage stage, DemoScreen screen) {
        screen.clear();
        stage.close();
    }

    /** Returns whether this JVM is ending; where not, the hook is taken away. */
    private static boolean isEnding(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
