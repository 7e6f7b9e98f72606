package org.evergrant.emulator;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with some input, so that it can be said all at once. */
final class Complaints {
    private final List<String> all = new ArrayList<>();

    void unless(boolean fine, String what, Object value, String expected) {
        if (!fine) {
            add(what, value + " (expected: " + expected + ")");
        }
    }

    void add(String what, String complaint) {
        all.add(what + ": " + complaint);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** One a line. */
    List<String> lines() {
        return List.copyOf(all);
    }

    @Override
    public String toString() {
        return String.join("; ", all);
    }

    void throwIfAny() {
        if (!all.isEmpty()) {
            throw new IllegalArgumentException(toString());
        }
    }
}
