package org.evergrant.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.evergrant.AppId;
import org.evergrant.spi.Store;
import org.evergrant.spi.Watches;
import org.jspecify.annotations.Nullable;

/**
 * Calls those who watch an app once for each version of its record that this process has not
 * written itself or been told of before. Holds no lock while it calls.
 */
final class Changes implements AutoCloseable {
    private final Watches watches = new Watches();
    private final ConcurrentMap<AppId, Long> told = new ConcurrentHashMap<>();

    Store.Watch watch(AppId app, Store.Listener listener) {
        return watches.open(app, listener);
    }

    boolean isWatched() {
        return !watches.isEmpty();
    }

    /** Takes the version that this process has written. */
    void own(AppId app, long version) {
        if (watches.isWatched(app)) {
            told.put(app, version);
            watches.changed(app);
        }
    }

    /**
     * Takes what was found to have changed; null says that nobody knows, as with the first look at
     * a database that may be another one than before. Returns whether anybody had to be called.
     */
    boolean found(@Nullable List<RecordTable.Change> found) {
        List<AppId> changed = new ArrayList<>();
        if (found == null) {
            Set<AppId> all = watches.apps();
            told.clear();
            changed.addAll(all);
        } else {
            for (RecordTable.Change change : found) {
                AppId app = change.app();
                if (app != null && isNews(app, change.version())) {
                    changed.add(app);
                }
            }
        }
        changed.forEach(watches::changed);
        return !changed.isEmpty();
    }

    /** Takes what another process says that it has written. */
    void said(AppId app, long version, Supplier<Store.Versioned> news) {
        if (isNews(app, version)) {
            watches.changed(app, news);
        }
    }

    private boolean isNews(AppId app, long version) {
        if (!watches.isWatched(app)) {
            // Whoever watches it later reads it first.
            told.remove(app);
            return false;
        }
        Long before = told.put(app, version);
        return before == null || before != version;
    }

    @Override
    public void close() {
        watches.close();
    }
}
