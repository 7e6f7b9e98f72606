package org.evergrant;

import java.time.Duration;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Trouble;

/** An observer whose exceptions end in the log and nowhere else. */
final class SafeObserver implements Observer {
    private static final System.Logger LOG = System.getLogger("org.evergrant");

    private final Observer inner;

    SafeObserver(Observer inner) {
        this.inner = inner;
    }

    @Override
    public void minted(AppId app, Token token, Duration took) {
        safely(() -> inner.minted(app, token, took));
    }

    @Override
    public void notMinted(AppId app, Trouble trouble, Duration took) {
        safely(() -> inner.notMinted(app, trouble, took));
    }

    @Override
    public void adopted(AppId app, Token token) {
        safely(() -> inner.adopted(app, token));
    }

    @Override
    public void rejected(AppId app, long generation, boolean newest) {
        safely(() -> inner.rejected(app, generation, newest));
    }

    @Override
    public void waited(AppId app, Duration waited, boolean served) {
        safely(() -> inner.waited(app, waited, served));
    }

    @Override
    public void changed(AppId app, AppRecord record) {
        safely(() -> inner.changed(app, record));
    }

    @Override
    public void store(boolean reachable) {
        safely(() -> inner.store(reachable));
    }

    private static void safely(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.WARNING, "an observer failed", fault);
        }
    }
}
