package org.evergrant.broker.config;

import java.util.List;

/** The configuration cannot be used. Names every fault that was found, and no secret. */
public final class ConfigurationException extends RuntimeException {
    private final List<String> faults;

    /** Makes one from at least one fault, each a line of its own. */
    public ConfigurationException(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    /** Returns every fault, in the order of the file, each a line without a line end. */
    public List<String> faults() {
        return faults;
    }
}
