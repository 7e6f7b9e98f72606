package org.evergrant.trials;

import java.io.IOException;
import java.sql.SQLException;
import org.evergrant.spi.Store;

/** A primary and its replica, on which all nodes of a trial share their records. */
interface SharedStore extends AutoCloseable {
    /** Returns new ways to it, for one node. */
    StoreDoors doors() throws IOException;

    /**
     * Begins to keep every version of every record.
     *
     * @param made where Evergrant has made what it needs
     */
    Scribe scribe(Store made) throws IOException, SQLException;

    /** Ends the primary's process as {@code kill -9} does, and starts it again. */
    void restart() throws IOException, InterruptedException;

    /**
     * Kills the primary, has the replica take over, and returns once nodes can write again. Only
     * for a replica that has all that was acknowledged.
     */
    void failOver() throws IOException, InterruptedException;

    /** Returns once there is a replica again that has all that is acknowledged from now on. */
    void mend() throws IOException;

    @Override
    void close() throws IOException;
}
