package org.evergrant.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.evergrant.emulator.Emulator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the demo has running: a provider for each way, a broker, the workers. Nothing of
 * it, no process and no file, is left after {@link #close}.
 */
final class DemoStage implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(1);

    /** How much longer than the plan a worker may take: its callers' last calls. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final DemoPlan plan;
    private final Path folder;
    private final Map<DemoWay, Emulator> providers = new EnumMap<>(DemoWay.class);
    private final List<DemoChild> workers = new ArrayList<>();
    private final List<DemoReport> reports = new ArrayList<>();
    private @Nullable DemoChild broker;
    private String brokerUrl = "";
    private boolean closed;

    private DemoStage(DemoPlan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
    }

    /** Returns one with nothing running yet. */
    static DemoStage of(DemoPlan plan) {
        try {
            return new DemoStage(
                    plan,
                    Files.createTempDirectory(
                            "evergrant-demo-" + ProcessHandle.current().pid() + "-"));
        } catch (IOException full) {
            throw new DemoFailure("no temporary folder: " + full.getMessage(), full);
        }
    }

    /**
     * Starts everything, and returns when all callers wait for {@link #go}.
     *
     * @throws DemoFailure when something does not start
     */
    void start() throws InterruptedException {
        startProcesses();
        long deadline = System.nanoTime() + START.toNanos();
        while (!brokerUrl.startsWith("http://")) {
            brokerUrl = lineOf(broker(), "the broker", deadline);
        }
        for (DemoChild worker : workers) {
            worker.tell(brokerUrl);
        }
        for (int i = 0; i < workers.size(); i++) {
            while (!reports.get(i).isReady()) {
                reports.get(i).take(lineOf(workers.get(i), "worker " + (i + 1), deadline));
            }
        }
    }

    /** The slow part of a start is the JVMs' own, so they all start at once. */
    private synchronized void startProcesses() {
        if (closed) {
            return;
        }
        Map<DemoWay, String> urls = new EnumMap<>(DemoWay.class);
        for (DemoWay way : DemoWay.values()) {
            Emulator provider =
                    Emulator.builder()
                            .retention(plan.retention())
                            .lifetime(plan.lifetime())
                            .start();
            providers.put(way, provider);
            urls.put(way, provider.url());
        }
        broker = DemoChild.start("the broker", DemoBroker.class, brokerEnvironment(), folder);
        for (int i = 0; i < plan.processes(); i++) {
            DemoTask task = new DemoTask(plan.callersOf(i), plan.length(), plan.thinkMs(), urls);
            workers.add(
                    DemoChild.start(
                            "worker " + (i + 1), DemoWorker.class, task.toEnvironment(), folder));
            reports.add(new DemoReport());
        }
    }

    private Map<String, String> brokerEnvironment() {
        Emulator provider = provider(DemoWay.EVERGRANT);
        return Map.of(
                "ZOOM_TOKEN_URL",
                provider.tokenUrl(),
                "ZOOM_API_URL",
                provider.apiUrl(),
                "ZOOM_ACCOUNT_ID",
                Emulator.DEMO_ACCOUNT,
                "ZOOM_CLIENT_ID",
                Emulator.DEMO_CLIENT,
                "ZOOM_CLIENT_SECRET",
                Emulator.DEMO_SECRET,
                "EVERGRANT_RETENTION",
                plan.retention().toString(),
                "EVERGRANT_STORE",
                "sqlite:" + folder.resolve("evergrant.db"),
                "EVERGRANT_LISTEN",
                "127.0.0.1:0");
    }

    private static String lineOf(DemoChild child, String name, long deadline)
            throws InterruptedException {
        String line = child.next(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        if (line == null) {
            throw new DemoFailure(
                    name + " did not start within " + START.toSeconds() + " s" + child.said());
        }
        return line;
    }

    /** Lets the callers call. */
    void go() {
        workers.forEach(worker -> worker.tell("go"));
    }

    /**
     * Takes what the workers have told; returns whether all are done.
     *
     * @throws DemoFailure when a worker or the broker has died
     */
    boolean listen() throws InterruptedException {
        boolean all = true;
        for (int i = 0; i < workers.size(); i++) {
            DemoReport report = reports.get(i);
            String line = report.isDone() ? null : workers.get(i).next(GLANCE);
            while (line != null) {
                report.take(line);
                line = report.isDone() ? null : workers.get(i).next(Duration.ZERO);
            }
            all &= report.isDone();
        }
        broker().next(Duration.ZERO);
        return all;
    }

    /**
     * Fails when the workers should have been done long ago.
     *
     * @param calling for how long they have been calling
     */
    void mindTheTime(Duration calling) {
        if (calling.compareTo(plan.length().plus(SLACK)) > 0) {
            throw new DemoFailure("the callers hang");
        }
    }

    /** Returns how it stands. */
    DemoOutcome outcome() {
        List<DemoOutcome.Row> rows = new ArrayList<>();
        for (DemoWay way : DemoWay.values()) {
            DemoCounts counts = DemoCounts.NONE;
            DemoLatencies latencies = new DemoLatencies();
            String failure = "";
            for (DemoReport report : reports) {
                counts = counts.plus(report.counts(way));
                latencies.addAll(report.latencies(way));
                failure = failure.isEmpty() ? report.failure(way) : failure;
            }
            rows.add(
                    new DemoOutcome.Row(
                            way, counts, provider(way).state().mints(), latencies, failure));
        }
        return new DemoOutcome(plan.retention().toString(), rows);
    }

    String brokerUrl() {
        return brokerUrl;
    }

    /** Ends the workers and the providers that the broker does not use. */
    synchronized void keepBroker() {
        workers.forEach(DemoChild::close);
        workers.clear();
        for (DemoWay way : DemoWay.values()) {
            if (way != DemoWay.EVERGRANT) {
                provider(way).close();
            }
        }
    }

    Emulator provider(DemoWay way) {
        Emulator provider = providers.get(way);
        if (provider == null) {
            throw new IllegalStateException("not started");
        }
        return provider;
    }

    private DemoChild broker() {
        DemoChild started = broker;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    /** Ends everything; a second time does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        workers.forEach(DemoChild::release);
        workers.forEach(DemoChild::close);
        if (broker != null) {
            broker.close();
        }
        providers.values().forEach(Emulator::close);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException inUse) {
            System.err.println("evergrant: could not remove " + folder);
        }
    }
}
