package org.evergrant.broker;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.evergrant.AppId;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Trouble;

/** Tells several observers the same; one that throws costs the others nothing. */
final class Listeners implements Observer {
    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

    private final List<Observer> all;

    Listeners(Observer... all) {
        this.all = List.of(all);
    }

    @Override
    public void minted(AppId app, Token token, Duration took) {
        tell(one -> one.minted(app, token, took));
    }

    @Override
    public void notMinted(AppId app, Trouble trouble, Duration took) {
        tell(one -> one.notMinted(app, trouble, took));
    }

    @Override
    public void adopted(AppId app, Token token) {
        tell(one -> one.adopted(app, token));
    }

    @Override
    public void rejected(AppId app, long generation, boolean newest) {
        tell(one -> one.rejected(app, generation, newest));
    }

    @Override
    public void waited(AppId app, Duration waited, boolean served) {
        tell(one -> one.waited(app, waited, served));
    }

    @Override
    public void changed(AppId app, AppRecord record) {
        tell(one -> one.changed(app, record));
    }

    @Override
    public void store(boolean reachable) {
        tell(one -> one.store(reachable));
    }

    private void tell(Consumer<Observer> what) {
        for (Observer one : all) {
            try {
                what.accept(one);
            } catch (RuntimeException mistake) {
                LOG.log(System.Logger.Level.ERROR, "an observer failed", mistake);
            }
        }
    }
}
