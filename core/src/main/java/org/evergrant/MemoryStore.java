package org.evergrant;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.evergrant.spi.Watches;

/** Records in the memory of one process, for the nodes in it. They end with the process. */
public final class MemoryStore implements Store {
    private static final Versioned UNKNOWN = new Versioned(0, AppRecord.EMPTY);

    /** What all handles on the same records share. */
    private record Shared(
            InstantSource clock, ConcurrentMap<AppId, Versioned> records, Set<Watches> watches) {}

    private final Shared shared;
    private final Watches watches = new Watches();
    private volatile boolean closed;

    private MemoryStore(Shared shared) {
        this.shared = shared;
        shared.watches.add(watches);
    }

    /** Returns an empty store on the system's clock. */
    public static MemoryStore create() {
        return create(InstantSource.system());
    }

    /** Returns an empty store on this clock. */
    public static MemoryStore create(InstantSource clock) {
        return new MemoryStore(
                new Shared(clock, new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet()));
    }

    /**
     * Returns another handle on the same records, with watches and an end of its own: for a second
     * node in this process.
     */
    public MemoryStore another() {
        return new MemoryStore(shared);
    }

    @Override
    public Versioned read(AppId app) {
        refuseClosed();
        return shared.records.getOrDefault(app, UNKNOWN);
    }

    @Override
    public boolean cas(AppId app, long version, AppRecord record) {
        Versioned current = read(app);
        if (current.version() != version) {
            return false;
        }
        Versioned next = new Versioned(version + 1, record);
        boolean won =
                version == 0
                        ? shared.records.putIfAbsent(app, next) == null
                        : shared.records.replace(app, current, next);
        if (!won) {
            return false;
        }
        for (Watches one : shared.watches) {
            one.changed(app, () -> next);
        }
        return true;
    }

    @Override
    public Watch watch(AppId app, Listener listener) {
        refuseClosed();
        return watches.open(app, listener);
    }

    @Override
    public Instant now() {
        return shared.clock.instant();
    }

    @Override
    public void close() {
        closed = true;
        shared.watches.remove(watches);
        watches.close();
    }

    private void refuseClosed() {
        if (closed) {
            throw new StoreException("the memory store is closed");
        }
    }
}
