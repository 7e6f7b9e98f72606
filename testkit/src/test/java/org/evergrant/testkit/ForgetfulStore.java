package org.evergrant.testkit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.evergrant.AppId;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.evergrant.spi.Watches;

/** A store that can lose the last writes that it acknowledged, as a failover does. */
final class ForgetfulStore implements Store {
    private final InstantSource clock;
    private final Map<AppId, Deque<AppRecord>> written = new HashMap<>();
    private final Watches watches = new Watches();

    ForgetfulStore(InstantSource clock) {
        this.clock = clock;
    }

    /** Forgets the last writes of every app; nobody is told. */
    synchronized void forget(int writes) {
        for (Deque<AppRecord> all : written.values()) {
            for (int i = 0; i < writes && !all.isEmpty(); i++) {
                all.removeLast();
            }
        }
    }

    /** Tells every watch to look, as a store does when it is back. */
    void tellAll() {
        watches.apps().forEach(watches::changed);
    }

    @Override
    public synchronized Versioned read(AppId app) {
        Deque<AppRecord> all = all(app);
        return new Versioned(all.size(), all.isEmpty() ? AppRecord.EMPTY : all.getLast());
    }

    @Override
    public boolean cas(AppId app, long version, AppRecord record) {
        synchronized (this) {
            if (all(app).size() != version) {
                return false;
            }
            all(app).addLast(record);
        }
        watches.changed(app);
        return true;
    }

    @Override
    public Watch watch(AppId app, Listener listener) {
        return watches.open(app, listener);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void close() {}

    private Deque<AppRecord> all(AppId app) {
        return written.computeIfAbsent(app, id -> new ArrayDeque<>());
    }
}
