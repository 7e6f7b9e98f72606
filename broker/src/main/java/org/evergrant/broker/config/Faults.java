package org.evergrant.broker.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, to say it all at once. */
final class Faults {
    /** Of a fault that has no line. */
    static final int NOWHERE = 0;

    private record Fault(int line, String text) {}

    private final String file;
    private final List<Fault> found = new ArrayList<>();

    Faults(String file) {
        this.file = file;
    }

    void add(int line, String text) {
        found.add(new Fault(line, text));
    }

    void throwIfAny() {
        if (found.isEmpty()) {
            return;
        }
        found.sort(Comparator.comparingInt(Fault::line));
        throw new ConfigurationException(found.stream().map(this::worded).distinct().toList());
    }

    private String worded(Fault fault) {
        return fault.line() == NOWHERE
                ? (file.isEmpty() ? "" : file + ": ") + fault.text()
                : file + ":" + fault.line() + ": " + fault.text();
    }
}
