package org.evergrant.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.emulator.Retention;
import org.evergrant.spi.DurationText;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is to show.
 *
 * @param retention of all three providers
 * @param lifetime of a token
 * @param callers of each way
 * @param processes that the callers of each way are spread over
 * @param length how long they call
 * @param json where the outcome is written too; null for nowhere
 */
record DemoPlan(
        Retention retention,
        Duration lifetime,
        int callers,
        int processes,
        Duration length,
        @Nullable Path json) {
    /** Below it, {@code expires_in}, which counts whole seconds, has too little to say. */
    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(2);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_CALLERS = 1000;
    private static final int MOST_PROCESSES = 16;

    /**
     * One caller's pause, for each caller there is: however many they are, the load is the same.
     */
    private static final double THINK_MS_PER_CALLER = 1.0;

    private static final long LEAST_THINK_MS = 10;

    /** Returns everything that is wrong, one fault a line; empty when it can be done. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        try {
            org.evergrant.Retention.parse(retention.toString());
        } catch (IllegalArgumentException beyond) {
            faults.add("--retention: " + beyond.getMessage());
        }
        between("--lifetime", lifetime, SHORTEST_LIFETIME, Duration.ofDays(1), faults);
        between("--duration", length, SHORTEST, LONGEST, faults);
        between("--processes", processes, 1, MOST_PROCESSES, faults);
        between("--callers", callers, 1, MOST_CALLERS, faults);
        if (faults.isEmpty() && callers < processes) {
            faults.add(
                    "--callers: " + callers + " (expected: one for each of the processes or more)");
        }
        if (json != null) {
            Path folder = json.toAbsolutePath().getParent();
            if (Files.isDirectory(json)) {
                faults.add("--json: " + json + " is a folder (expected: a file)");
            } else if (folder == null || !Files.isDirectory(folder)) {
                faults.add("--json: " + json + " (expected: a file in a folder that is there)");
            }
        }
        return faults;
    }

    /** Returns how many callers of each way that process has. */
    int callersOf(int process) {
        return callers / processes + (process < callers % processes ? 1 : 0);
    }

    long thinkMs() {
        return Math.max(LEAST_THINK_MS, Math.round(callers * THINK_MS_PER_CALLER));
    }

    /** Returns {@code newest-only, tokens live 12s; 64 callers in 3 processes for each way}. */
    String described() {
        return retention
                + ", tokens live "
                + DurationText.format(lifetime)
                + "; "
                + count(callers, "caller", "callers")
                + " in "
                + count(processes, "process", "processes")
                + " for each way";
    }

    private static String count(int count, String one, String more) {
        return count + " " + (count == 1 ? one : more);
    }

    private static void between(String name, int value, int least, int most, List<String> faults) {
        if (value < least || value > most) {
            faults.add(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }

    private static void between(
            String name, Duration value, Duration least, Duration most, List<String> faults) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            faults.add(
                    name
                            + ": "
                            + DurationText.format(value)
                            + " (expected: "
                            + DurationText.format(least)
                            + " to "
                            + DurationText.format(most)
                            + ")");
        }
    }
}
