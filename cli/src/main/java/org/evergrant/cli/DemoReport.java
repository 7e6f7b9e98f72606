package org.evergrant.cli;

import java.util.EnumMap;
import java.util.Map;

/**
 * What one worker has told, line by line: {@code ready}, {@code counts WAY CALLS FAILED}, {@code
 * latencies WAY …}, {@code failure WAY TEXT}, {@code done}. Counts are totals, so a line replaces
 * the one before.
 */
final class DemoReport {
    static final String READY = "ready";
    static final String DONE = "done";
    private static final String COUNTS = "counts";
    private static final String LATENCIES = "latencies";
    private static final String FAILURE = "failure";

    private final Map<DemoWay, DemoCounts> counts = new EnumMap<>(DemoWay.class);
    private final Map<DemoWay, DemoLatencies> latencies = new EnumMap<>(DemoWay.class);
    private final Map<DemoWay, String> failures = new EnumMap<>(DemoWay.class);
    private boolean ready;
    private boolean done;

    static String counts(DemoWay way, DemoCounts counts) {
        return COUNTS + " " + way.word() + " " + counts.calls() + " " + counts.failed();
    }

    static String latencies(DemoWay way, DemoLatencies latencies) {
        return LATENCIES + " " + way.word() + " " + latencies.toText();
    }

    static String failure(DemoWay way, String text) {
        return FAILURE + " " + way.word() + " " + text.replaceAll("\\p{Cntrl}", " ");
    }

    /**
     * Takes one line; ignores what is no report.
     *
     * @throws IllegalArgumentException when a report is broken
     */
    void take(String line) {
        String[] parts = line.split(" ", 3);
        switch (parts[0]) {
            case READY -> ready = true;
            case DONE -> done = true;
            case COUNTS -> counts.put(way(parts, line), countsOf(parts[2], line));
            case LATENCIES -> latencies.put(way(parts, line), DemoLatencies.ofText(parts[2]));
            case FAILURE -> failures.put(way(parts, line), parts[2]);
            default -> {
                // A JVM writes its own warnings to stdout.
            }
        }
    }

    boolean isReady() {
        return ready;
    }

    boolean isDone() {
        return done;
    }

    DemoCounts counts(DemoWay way) {
        return counts.getOrDefault(way, DemoCounts.NONE);
    }

    DemoLatencies latencies(DemoWay way) {
        return latencies.getOrDefault(way, new DemoLatencies());
    }

    /** Returns what the first failed call met; empty where none failed. */
    String failure(DemoWay way) {
        return failures.getOrDefault(way, "");
    }

    private static DemoWay way(String[] parts, String line) {
        if (parts.length < 3) {
            throw unknown(line);
        }
        return DemoWay.of(parts[1]);
    }

    private static DemoCounts countsOf(String text, String line) {
        String[] numbers = text.split(" ", -1);
        if (numbers.length != 2) {
            throw unknown(line);
        }
        return new DemoCounts(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    private static IllegalArgumentException unknown(String line) {
        String cut = line.length() > 80 ? line.substring(0, 80) + "…" : line;
        return new IllegalArgumentException(
                "a broken report: " + cut.replaceAll("\\p{Cntrl}", "?"));
    }
}
