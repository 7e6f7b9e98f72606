package org.evergrant.broker;

import org.evergrant.AppId;

/**
 * Numbers of apps in Prometheus's text format, version 0.0.4. All samples of a family stand
 * together.
 */
final class Exposition {
    private final LongAnswer out;
    private final boolean zeros;

    /**
     * Makes one that writes to {@code out}.
     *
     * @param zeros whether a sample of an app is worth a line while it is 0
     */
    Exposition(LongAnswer out, boolean zeros) {
        this.out = out;
        this.zeros = zeros;
    }

    void family(String name, String type, String help) {
        out.write("# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n");
    }

    /**
     * Writes a number of an app, whose name needs no escapes: see {@link AppId}.
     *
     * @param labels further ones, each with a comma before it
     */
    void sample(String name, String app, String labels, double value) {
        if (zeros || value != 0) {
            out.write(name + "{app=\"" + app + "\"" + labels + "} " + value + "\n");
        }
    }
}
