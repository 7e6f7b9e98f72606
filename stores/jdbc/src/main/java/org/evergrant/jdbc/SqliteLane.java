package org.evergrant.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.evergrant.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * One connection that the threads of this process use one after the other, in the order they came.
 * So only one of them at a time waits for other processes, where SQLite knows no order. The
 * connection is opened when it is first needed, and again when it broke or its file was replaced:
 * SQLite itself would go on writing into a deleted file, which nobody else can see.
 */
final class SqliteLane implements AutoCloseable {

    /** What is done with the connection. */
    interface Work<T extends @Nullable Object> {
        T on(SqliteSession session) throws SQLException;
    }

    private final SqliteOpening opening;
    private final Duration wait;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile @Nullable SqliteSession open;
    private boolean closed;

    SqliteLane(SqliteOpening opening, Duration wait) {
        this.opening = opening;
        this.wait = wait;
    }

    /** Does the work, within twice the wait: once for this process's turn, once for the file's. */
    <T extends @Nullable Object> T use(Work<T> work) {
        takeTurn();
        try {
            return work.on(session());
        } catch (SQLException failure) {
            // Also after a mere wait in vain: the driver has then given up the statement, for good.
            drop();
            throw Failures.of(opening.path(), failure);
        } finally {
            turn.unlock();
        }
    }

    /** For tests: cuts the connection in the midst of the work under way. */
    void cut() throws SQLException {
        SqliteSession cut = open;
        if (cut != null) {
            cut.cut();
        }
    }

    /** Closes the connection after the work under way. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            drop();
        } finally {
            turn.unlock();
        }
    }

    private void takeTurn() {
        try {
            if (turn.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    "interrupted while waiting for the store " + opening.path(), interrupt);
        }
        throw new StoreException(
                "the store "
                        + opening.path()
                        + " is kept busy by other threads of this process, for longer than "
                        + wait);
    }

    private SqliteSession session() throws SQLException {
        if (closed) {
            throw new StoreException("the store " + opening.path() + " is closed");
        }
        SqliteSession session = open;
        if (session != null && !opening.isCurrent(session)) {
            drop();
            session = null;
        }
        if (session == null) {
            session = opening.open();
            open = session;
        }
        return session;
    }

    private void drop() {
        SqliteSession broken = open;
        open = null;
        if (broken == null) {
            return;
        }
        try {
            broken.close();
        } catch (SQLException ignored) {
            // It is given up either way, and what was committed is on the disk.
            return;
        }
    }
}
