package org.evergrant.simulation.fleet;

import org.evergrant.App;
import org.evergrant.TokenSource;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;

/** What stands between the nodes and the world: nothing, unless a test plants a bug there. */
interface Planted {
    /** Nodes and world as they are. */
    Planted NOTHING = new Planted() {};

    /** Returns the app as the nodes are told of it. */
    default App app(App app) {
        return app;
    }

    /** Returns the store as this machine's node reaches it. */
    default Store store(Store store, int machine) {
        return store;
    }

    /** Returns the minter as this machine's node has it. */
    default Minter minter(Minter minter, int machine) {
        return minter;
    }

    /** Returns the time as this machine's node reads it. */
    default TimeSource time(TimeSource time, int machine) {
        return time;
    }

    /** Returns the tokens as the callers on this machine get them. */
    default TokenSource tokens(TokenSource tokens, int machine) {
        return tokens;
    }
}
