package org.evergrant.spi;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.evergrant.AppId;

/**
 * The open watches of a {@link Store}, for those who write one. Listeners run on the thread that
 * calls {@link #changed}, which must hold no lock; what a listener throws is logged and goes no
 * further.
 */
public final class Watches implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.evergrant.store");

    /** The lists never change: one of a single watch, as most are, takes next to no room. */
    private final ConcurrentMap<AppId, List<One>> open = new ConcurrentHashMap<>();

    /** Makes an empty set of watches. */
    public Watches() {}

    /** Opens a watch on {@code app}. */
    public Store.Watch open(AppId app, Store.Listener listener) {
        One one = new One(app, listener);
        open.merge(
                app,
                List.of(one),
                (some, last) -> Stream.concat(some.stream(), last.stream()).toList());
        return one;
    }

    /** Has the listeners of {@code app} read again. */
    public void changed(AppId app) {
        call(app, Store.Listener::changed);
    }

    /** Tells the listeners of {@code app} what was written. */
    public void changed(AppId app, Supplier<Store.Versioned> news) {
        call(app, listener -> listener.changed(news));
    }

    private void call(AppId app, Consumer<Store.Listener> how) {
        for (One one : open.getOrDefault(app, List.of())) {
            one.call(how);
        }
    }

    /** Returns the apps that are watched now. */
    public Set<AppId> apps() {
        return Set.copyOf(open.keySet());
    }

    /** Returns whether {@code app} is watched now. */
    public boolean isWatched(AppId app) {
        return open.containsKey(app);
    }

    /** Returns whether nothing is watched. */
    public boolean isEmpty() {
        return open.isEmpty();
    }

    /** Closes all watches. */
    @Override
    public void close() {
        for (List<One> all : open.values()) {
            all.forEach(One::close);
        }
    }

    private final class One implements Store.Watch {
        private final AppId app;
        private final Store.Listener listener;
        private volatile boolean closed;

        private One(AppId app, Store.Listener listener) {
            this.app = app;
            this.listener = listener;
        }

        private void call(Consumer<Store.Listener> how) {
            if (closed) {
                return;
            }
            try {
                how.accept(listener);
            } catch (RuntimeException failure) {
                LOG.log(
                        Level.WARNING,
                        () -> "a listener to changes of " + app + " failed",
                        failure);
            }
        }

        @Override
        public void close() {
            closed = true;
            open.computeIfPresent(
                    app,
                    (id, all) -> {
                        List<One> rest = all.stream().filter(one -> one != this).toList();
                        return rest.isEmpty() ? null : rest;
                    });
        }
    }
}
