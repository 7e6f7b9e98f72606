package org.evergrant.simulation.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.evergrant.AppId;
import org.evergrant.StoreException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;

/**
 * The store as one machine reaches it: every call takes its time, may meet a store that is away, or
 * be done and never answered, and the machine may stand still in the middle of it.
 */
final class StoreDoor implements Store {
    /** After this a machine gives a call up. */
    static final long TIMEOUT = 5 * Span.SECOND;

    private final SharedStore store;
    private final Machine machine;
    private final Rates rates;
    private final Chance chance;
    private final Judge judge;
    private final Trace trace;
    private final List<Consumer<Versioned>> watches = new ArrayList<>();
    private final List<AppId> watched = new ArrayList<>();
    private long cutOffUntil;

    StoreDoor(World world, Machine machine, Chance chance) {
        this.store = world.store();
        this.machine = machine;
        this.rates = world.plan().rates();
        this.chance = chance;
        this.judge = world.judge();
        this.trace = world.trace();
    }

    void cutOff(long until) {
        cutOffUntil = until;
    }

    @Override
    public Versioned read(AppId app) {
        return call(store.numberOf(app), () -> store.read(app));
    }

    @Override
    public boolean cas(AppId app, long version, AppRecord record) {
        int number = store.numberOf(app);
        return call(
                number,
                () -> {
                    AppRecord before = store.record(number);
                    boolean written = store.cas(app, version, record);
                    if (written) {
                        trace.note(
                                number, machine.number(), Happening.WRITTEN, version + 1, record);
                        judge.written(number, machine.number(), before, record);
                        tell(app);
                    } else {
                        trace.note(number, machine.number(), Happening.CONFLICT, version);
                    }
                    return written;
                });
    }

    @Override
    public Watch watch(AppId app, Listener listener) {
        return call(
                store.numberOf(app),
                () -> {
                    int life = machine.life();
                    Consumer<Versioned> watch =
                            news -> {
                                if (machine.life() == life && !isOutOfReach()) {
                                    hear(listener, news);
                                }
                            };
                    store.watch(app, watch);
                    watches.add(watch);
                    watched.add(app);
                    return () -> store.unwatch(app, watch);
                });
    }

    @Override
    public Instant now() {
        return call(Trace.NONE, store::now);
    }

    /** Ends the watches. The records are everybody's. */
    @Override
    public void close() {
        for (int number = 0; number < watches.size(); number++) {
            store.unwatch(watched.get(number), watches.get(number));
        }
        watches.clear();
        watched.clear();
    }

    private void tell(AppId app) {
        Versioned news = store.read(app);
        List.copyOf(store.watches(app)).forEach(watch -> watch.accept(news));
    }

    /** Some stores bring along what was written, and some only say that something was. */
    private void hear(Listener listener, Versioned news) {
        if (chance.happens(rates.watchLost())) {
            return;
        }
        boolean late = chance.happens(rates.watchLate());
        long most = late ? 30 * Span.SECOND : 20 * Span.MILLISECOND;
        Runnable call =
                chance.happens(0.5) ? () -> listener.changed(() -> news) : listener::changed;
        machine.later(chance.span(50 * Span.MICROSECOND, most), call);
        if (chance.happens(0.02)) {
            machine.later(chance.span(Span.MILLISECOND, Span.MINUTE), call);
        }
    }

    private <T> T call(int app, Supplier<T> work) {
        if (isOutOfReach()) {
            fail(app, chance.happens(0.5) ? Span.MILLISECOND : TIMEOUT);
        }
        pause();
        if (chance.happens(rates.stallInStore())) {
            stall(app);
        }
        if (isOutOfReach()) {
            fail(app, TIMEOUT);
        }
        T answer = work.get();
        if (chance.happens(rates.storeUnheard())) {
            fail(app, chance.happens(0.5) ? Span.MILLISECOND : TIMEOUT);
        }
        if (chance.happens(rates.stallInStore())) {
            stall(app);
        }
        if (chance.happens(0.3)) {
            pause();
        }
        return answer;
    }

    private void pause() {
        machine.pause(
                store.isSlow()
                        ? chance.span(5 * Span.MILLISECOND, 2 * Span.SECOND)
                        : chance.span(20 * Span.MICROSECOND, 5 * Span.MILLISECOND));
    }

    private void stall(int app) {
        long nanos = chance.span(100 * Span.MILLISECOND, 2 * Span.MINUTE);
        trace.note(app, machine.number(), Happening.STALLED, nanos);
        judge.disturbedBy(machine.number(), nanos);
        machine.stallHere(nanos);
    }

    private void fail(int app, long after) {
        judge.storeFailed(machine.number(), after);
        if (app != Trace.NONE) {
            // Others may wait for what this machine has claimed.
            judge.disturbed(app, after);
        }
        machine.pause(after);
        if (app != Trace.NONE) {
            trace.note(app, machine.number(), Happening.STORE_FAILED, 0);
        }
        throw new StoreException("the store cannot be reached");
    }

    private boolean isOutOfReach() {
        return store.isAway() || judge.now() < cutOffUntil;
    }
}
