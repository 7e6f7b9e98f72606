package org.evergrant.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Cuts the connections of stores again and again, in the midst of what they do. */
final class Cutter {
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final List<SqliteStore> stores;
    private final Thread thread = new Thread(this::run, "cutter");
    private volatile boolean over;

    Cutter(List<SqliteStore> stores) {
        this.stores = stores;
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    void end() throws InterruptedException {
        over = true;
        thread.join();
    }

    private void run() {
        while (!over) {
            stores.forEach(Cutter::cut);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static void cut(SqliteStore store) {
        try {
            store.cut();
        } catch (SQLException closed) {
            // Its connection was closed a moment before, which is as good.
            return;
        }
    }
}
