package org.evergrant.jdbc;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.evergrant.EvergrantException;

/**
 * Tells the others of a PostgreSQL what was written, on one thread that ends when there is nothing
 * to tell. Whoever wrote does not wait for that, and what is written while one statement tells goes
 * along with the next, for each wakes everybody who listens.
 *
 * <p>Not in the statement that writes: PostgreSQL commits those that notify one after the other,
 * each with its own wait for the disk. What could not be told the others find when they look.
 */
final class Teller implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.evergrant.store");

    /** Notices in one statement. */
    private static final int MOST_AT_ONCE = 256;

    private static final long IDLE_S = 10;

    /** Longer only when the server hangs, which must not hang a close. */
    private static final long END_S = 2;

    private final Sessions<PostgresSession> sessions;
    private final LinkedBlockingQueue<String> untold = new LinkedBlockingQueue<>();
    private final AtomicBoolean isDue = new AtomicBoolean();
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1, 1, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Teller::thread);

    Teller(Sessions<PostgresSession> sessions) {
        this.sessions = sessions;
        thread.allowCoreThreadTimeOut(true);
    }

    /** Has it told soon. */
    void tell(String notice) {
        untold.add(notice);
        if (isDue.compareAndSet(false, true)) {
            try {
                thread.execute(this::tellAll);
            } catch (RejectedExecutionException closed) {
                // Written while the store was being closed; the others find it when they look.
                return;
            }
        }
    }

    /** Tells what is left to tell, and nothing more. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_S, TimeUnit.SECONDS)) {
                LOG.log(Level.DEBUG, "closed before everything was told");
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellAll() {
        isDue.set(false);
        for (List<String> some = some(); !some.isEmpty(); some = some()) {
            tell(some);
        }
    }

    private List<String> some() {
        List<String> notices = new ArrayList<>();
        untold.drainTo(notices, MOST_AT_ONCE);
        return notices;
    }

    private void tell(List<String> notices) {
        try {
            sessions.use(session -> {
                session.tell(notices);
                return true;
            });
        } catch (EvergrantException away) {
            LOG.log(Level.DEBUG, "some changes could not be told", away);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "evergrant-postgres-teller");
        thread.setDaemon(true);
        return thread;
    }
}
