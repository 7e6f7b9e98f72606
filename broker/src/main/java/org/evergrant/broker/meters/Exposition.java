package org.evergrant.broker.meters;

import java.util.function.Consumer;
import org.evergrant.AppId;

/**
 * Numbers of apps in Prometheus's text format, version 0.0.4. All samples of a family stand
 * together.
 */
public final class Exposition {
    private final Consumer<String> out;
    private final boolean zeros;

    /**
     * Makes one that writes to {@code out}.
     *
     * @param zeros whether a sample of an app is worth a line while it is 0
     */
    public Exposition(Consumer<String> out, boolean zeros) {
        this.out = out;
        this.zeros = zeros;
    }

    /** Begins a family. */
    public void family(String name, String type, String help) {
        out.accept("# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n");
    }

    /**
     * Writes a number of an app, whose name needs no escapes: see {@link AppId}.
     *
     * @param labels further ones, each with a comma before it
     */
    public void sample(String name, String app, String labels, double value) {
        if (zeros || value != 0) {
            out.accept(name + "{app=\"" + app + "\"" + labels + "} " + value + "\n");
        }
    }
}
