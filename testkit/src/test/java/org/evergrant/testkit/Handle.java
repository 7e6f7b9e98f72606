package org.evergrant.testkit;

import java.time.Duration;
import java.time.Instant;
import org.evergrant.AppId;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;

/** One node's hold on a store that several share: closing it leaves the store open. */
record Handle(Store shared) implements Store {

    @Override
    public Versioned read(AppId app) {
        return shared.read(app);
    }

    @Override
    public boolean cas(AppId app, long version, AppRecord record) {
        return shared.cas(app, version, record);
    }

    @Override
    public Watch watch(AppId app, Listener listener) {
        return shared.watch(app, listener);
    }

    @Override
    public Instant now() {
        return shared.now();
    }

    @Override
    public void close() {}

    /** The same for time. */
    record Time(TimeSource shared) implements TimeSource {

        @Override
        public long nanos() {
            return shared.nanos();
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return shared.after(delay, task);
        }

        @Override
        public void close() {}
    }
}
