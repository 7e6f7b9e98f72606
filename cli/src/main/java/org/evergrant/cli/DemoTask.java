package org.evergrant.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one worker process is to do, handed over in its environment.
 *
 * @param callers of each way
 * @param length how long they call
 * @param thinkMs how long a caller pauses between two calls, at least; twice as long at most
 * @param providers the address of each way's provider
 */
record DemoTask(int callers, Duration length, long thinkMs, Map<DemoWay, String> providers) {
    private static final String PREFIX = "EVERGRANT_DEMO_";

    Map<String, String> toEnvironment() {
        Map<String, String> environment = new HashMap<>();
        environment.put(PREFIX + "CALLERS", Integer.toString(callers));
        environment.put(PREFIX + "LENGTH_MS", Long.toString(length.toMillis()));
        environment.put(PREFIX + "THINK_MS", Long.toString(thinkMs));
        providers.forEach((way, url) -> environment.put(PREFIX + way.name(), url));
        return environment;
    }

    /**
     * Returns the task that {@link #toEnvironment} wrote.
     *
     * @throws IllegalArgumentException when something is missing
     */
    static DemoTask of(Map<String, String> environment) {
        Map<DemoWay, String> providers = new HashMap<>();
        for (DemoWay way : DemoWay.values()) {
            providers.put(way, told(environment, way.name()));
        }
        return new DemoTask(
                Integer.parseInt(told(environment, "CALLERS")),
                Duration.ofMillis(Long.parseLong(told(environment, "LENGTH_MS"))),
                Long.parseLong(told(environment, "THINK_MS")),
                providers);
    }

    private static String told(Map<String, String> environment, String name) {
        @Nullable String value = environment.get(PREFIX + name);
        if (value == null) {
            throw new IllegalArgumentException(PREFIX + name + " is not set");
        }
        return value;
    }
}
