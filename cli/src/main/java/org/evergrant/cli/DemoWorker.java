package org.evergrant.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One worker process of the demo: some callers of each way. It is told its task by its environment,
 * the broker's address and the start by two lines on stdin, and ends when stdin does, so that it
 * never outlives the demo. What it sees goes to stdout as {@link DemoReport} lines.
 */
final class DemoWorker {
    private static final Duration WARM_UP = Duration.ofMillis(800);
    private static final int WARM_UP_CALLERS = 4;
    private static final long REPORT_MS = 250;

    private final DemoTask task;
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    private DemoWorker(DemoTask task) {
        this.task = task;
    }

    public static void main(String[] args) throws InterruptedException {
        DemoHttp.prepare();
        DemoWorker worker = new DemoWorker(DemoTask.of(System.getenv()));
        Thread.ofPlatform().daemon().name("stdin").start(worker::listen);
        worker.run();
        System.exit(Exit.DONE);
    }

    private void listen() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null) {
                told.add(line);
                line = in.readLine();
            }
        } catch (IOException gone) {
            // As good as the end of it.
        }
        // Nobody is left to report to.
        Runtime.getRuntime().halt(Exit.FAILED);
    }

    private void run() throws InterruptedException {
        String broker = told.take();
        List<DemoCallers> all = new ArrayList<>();
        for (Map.Entry<DemoWay, String> way : task.providers().entrySet()) {
            String provider = way.getValue();
            DemoTokens tokens =
                    switch (way.getKey()) {
                        case PER_CALL -> DemoTokens.perCall(provider);
                        case CACHED -> DemoTokens.cached(provider);
                        case EVERGRANT -> DemoTokens.evergrant(broker);
                    };
            all.add(new DemoCallers(way.getKey(), tokens, provider, task.thinkMs()));
        }
        warmUp(all);
        say(DemoReport.READY);
        told.take();
        call(all);
        for (DemoCallers callers : all) {
            say(DemoReport.latencies(callers.way(), callers.latencies()));
            if (!callers.firstFailure().isEmpty()) {
                say(DemoReport.failure(callers.way(), callers.firstFailure()));
            }
        }
        say(DemoReport.DONE);
    }

    /** A JVM's first calls say more about class loading than about tokens. */
    private static void warmUp(List<DemoCallers> all) throws InterruptedException {
        long end = System.nanoTime() + WARM_UP.toNanos();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        for (DemoCallers callers : all) {
            for (int i = 0; i < WARM_UP_CALLERS; i++) {
                threads.execute(() -> callers.warmUp(end));
            }
        }
        threads.shutdown();
        threads.awaitTermination(1, TimeUnit.MINUTES);
    }

    private void call(List<DemoCallers> all) throws InterruptedException {
        long end = System.nanoTime() + task.length().toNanos();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        for (DemoCallers callers : all) {
            for (int i = 0; i < task.callers(); i++) {
                threads.execute(() -> callers.run(end));
            }
        }
        threads.shutdown();
        boolean over = false;
        while (!over) {
            over = threads.awaitTermination(REPORT_MS, TimeUnit.MILLISECONDS);
            for (DemoCallers callers : all) {
                say(DemoReport.counts(callers.way(), callers.counts()));
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
