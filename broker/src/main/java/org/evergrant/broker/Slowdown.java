package org.evergrant.broker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long the next wrong credentials of one name from one address wait for their answer: 100 ms,
 * doubling to 2 s, from the beginning again after a minute of peace. Right credentials never wait.
 */
final class Slowdown {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final long PEACE_NS = Duration.ofMinutes(1).toNanos();

    /** Beyond it the one that failed longest ago is forgotten. */
    private static final int MOST = 10_000;

    /** A longer name is as good as unknown. */
    private static final int LONGEST_NAME = 128;

    private record Who(String name, String address) {}

    private record Failures(int count, long last) {}

    private final LongSupplier nanos;
    private final Map<Who, Failures> failures = new LinkedHashMap<>();

    Slowdown(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Counts a failure, and returns how long its answer is held back. */
    synchronized Duration failed(String name, String address) {
        Who who = who(name, address);
        Failures before = failures.remove(who);
        long now = nanos.getAsLong();
        int count = before == null || now - before.last() > PEACE_NS ? 1 : before.count() + 1;
        failures.put(who, new Failures(count, now));
        if (failures.size() > MOST) {
            failures.remove(failures.keySet().iterator().next());
        }
        Duration delay = FIRST.multipliedBy(1L << Math.min(count - 1, 10));
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }

    /** Forgets the failures of somebody who now was right. */
    synchronized void succeeded(String name, String address) {
        if (!failures.isEmpty()) {
            failures.remove(who(name, address));
        }
    }

    private static Who who(String name, String address) {
        String cut = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        return new Who(cut, address);
    }
}
