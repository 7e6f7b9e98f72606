package org.evergrant.trials;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.evergrant.servers.BreakableNetwork;

/**
 * The ways of one node to the store, which nobody else uses.
 *
 * @param url of the store by these ways
 */
record StoreDoors(String url, List<BreakableNetwork> all) implements AutoCloseable {
    StoreDoors {
        all = List.copyOf(all);
    }

    /** Resets the connections and lets no new ones through, or lets them through again. */
    void cut(boolean value) {
        all.forEach(door -> door.refuse(value));
        if (value) {
            all.forEach(BreakableNetwork::cut);
        }
    }

    /** Holds every byte back, or lets all of them go on. */
    void silence(boolean value) {
        all.forEach(door -> door.hold(value));
    }

    /** Takes so much longer for each piece. */
    void delay(Duration value) {
        all.forEach(door -> door.delay(value));
    }

    @Override
    public void close() throws IOException {
        for (BreakableNetwork door : all) {
            door.close();
        }
    }
}
