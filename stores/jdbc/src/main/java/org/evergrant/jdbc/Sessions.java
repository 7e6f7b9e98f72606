package org.evergrant.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.evergrant.EvergrantException;
import org.evergrant.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * A few connections that the threads of this process use in the order they came. One is opened when
 * it is first needed, and again when it broke or is no longer good.
 */
final class Sessions<S extends Session> implements AutoCloseable {

    /** Opens the sessions of one database, and knows what its failures mean. */
    interface Source<S extends Session> {
        S open() throws SQLException;

        /** Returns whether a session that nobody used for a while is as good as a new one. */
        boolean isCurrent(S session) throws SQLException;

        /** Returns what the failure means to the one who asked. */
        EvergrantException explain(SQLException failure);

        /** Returns the store's name for messages. */
        String name();
    }

    /** What is done with a session. */
    interface Work<S, T extends @Nullable Object> {
        T on(S session) throws SQLException;
    }

    private final Source<S> source;
    private final int size;
    private final Duration wait;
    private final Semaphore turns;
    private final ConcurrentLinkedDeque<S> idle = new ConcurrentLinkedDeque<>();
    private final Set<S> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param size how many sessions at most
     * @param wait how long a thread waits for its turn
     */
    Sessions(Source<S> source, int size, Duration wait) {
        this.source = source;
        this.size = size;
        this.wait = wait;
        this.turns = new Semaphore(size, true);
    }

    /** Does the work when its turn comes, within the wait and what the database takes. */
    <T extends @Nullable Object> T use(Work<S, T> work) {
        takeTurn();
        try {
            return used(work);
        } finally {
            turns.release();
        }
    }

    /** For tests: cuts all connections in the midst of the work under way. */
    void cut() throws SQLException {
        for (S session : open) {
            session.cut();
        }
    }

    /** Closes all connections, those in use after the work under way. */
    @Override
    public void close() {
        closed = true;
        boolean all = false;
        try {
            all = turns.tryAcquire(size, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        for (S session = idle.poll(); session != null; session = idle.poll()) {
            drop(session);
        }
        if (all) {
            turns.release(size);
        }
    }

    private <T extends @Nullable Object> T used(Work<S, T> work) {
        S session = null;
        try {
            session = session();
            T done = work.on(session);
            keep(session);
            return done;
        } catch (SQLException failure) {
            // Also after a mere wait in vain: a driver may have given up the statement, for good.
            if (session != null) {
                drop(session);
            }
            throw source.explain(failure);
        } catch (RuntimeException refused) {
            if (session != null) {
                keep(session);
            }
            throw refused;
        }
    }

    private void takeTurn() {
        try {
            if (turns.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    "interrupted while waiting for the store " + source.name(), interrupt);
        }
        throw new StoreException(
                "the store "
                        + source.name()
                        + " is kept busy by other threads of this process, for longer than "
                        + wait);
    }

    private S session() throws SQLException {
        if (closed) {
            throw new StoreException("the store " + source.name() + " is closed");
        }
        for (S session = idle.poll(); session != null; session = idle.poll()) {
            boolean current = false;
            try {
                current = source.isCurrent(session);
            } finally {
                if (!current) {
                    drop(session);
                }
            }
            if (current) {
                return session;
            }
        }
        S opened = source.open();
        open.add(opened);
        return opened;
    }

    private void keep(S session) {
        if (closed) {
            drop(session);
        } else {
            idle.push(session);
        }
    }

    private void drop(S broken) {
        open.remove(broken);
        try {
            broken.close();
        } catch (SQLException ignored) {
            // It is given up either way, and what was committed is committed.
            return;
        }
    }
}
