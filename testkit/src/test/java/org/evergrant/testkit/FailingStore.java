package org.evergrant.testkit;

import java.time.Instant;
import org.evergrant.AppId;
import org.evergrant.StoreException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;

/** A store that can be away, can lose an answer, and counts what is asked of it. */
final class FailingStore implements Store {
    private final Store inner;
    private boolean away;
    private boolean losingAnswers;
    private int operations;
    private Runnable afterCas = () -> {};

    FailingStore(Store inner) {
        this.inner = inner;
    }

    synchronized void away(boolean now) {
        away = now;
    }

    /** From now on every compare-and-set is carried out, and its answer lost. */
    synchronized void loseAnswers(boolean now) {
        losingAnswers = now;
    }

    /** Runs {@code event} once, after the next compare-and-set and before its answer. */
    synchronized void afterNextCas(Runnable event) {
        afterCas = event;
    }

    synchronized int operations() {
        return operations;
    }

    @Override
    public Versioned read(AppId app) {
        reach();
        return inner.read(app);
    }

    @Override
    public boolean cas(AppId app, long version, AppRecord record) {
        reach();
        boolean written = inner.cas(app, version, record);
        Runnable event;
        synchronized (this) {
            event = afterCas;
            afterCas = () -> {};
        }
        event.run();
        synchronized (this) {
            if (losingAnswers) {
                losingAnswers = false;
                throw new StoreException("the answer was lost");
            }
        }
        return written;
    }

    @Override
    public Watch watch(AppId app, Listener listener) {
        reach();
        return inner.watch(app, listener);
    }

    @Override
    public Instant now() {
        reach();
        return inner.now();
    }

    @Override
    public void close() {
        inner.close();
    }

    private synchronized void reach() {
        operations++;
        if (away) {
            throw new StoreException("the store is away");
        }
    }
}
