package org.evergrant.spi;

import java.time.Duration;
import org.evergrant.AppId;
import org.evergrant.Token;

/**
 * Hears what a node does, for metrics, logs and screens. Calls come from the node's own threads,
 * hold no lock, and must not block. An exception from an observer is logged and otherwise ignored.
 */
public interface Observer {
    /** Hears nothing. */
    Observer NONE = new Observer() {};

    /**
     * This node minted and published {@code token}; {@code took} from sending to the whole answer.
     */
    default void minted(AppId app, Token token, Duration took) {}

    /** A mint of this node brought no token. */
    default void notMinted(AppId app, Trouble trouble, Duration took) {}

    /** This node took over a token that another node minted. */
    default void adopted(AppId app, Token token) {}

    /**
     * A caller said that the API refused the token of this generation; {@code newest} if it was
     * that.
     */
    default void rejected(AppId app, long generation, boolean newest) {}

    /**
     * A caller got a token, or an error, after waiting this long. Hand-outs without a wait are
     * silent.
     */
    default void waited(AppId app, Duration waited, boolean served) {}

    /** This node now knows this record of the app. */
    default void changed(AppId app, AppRecord record) {}

    /** The store could not be reached, or can be again. */
    default void store(boolean reachable) {}
}
