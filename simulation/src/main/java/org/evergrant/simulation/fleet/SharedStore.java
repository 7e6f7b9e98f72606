package org.evergrant.simulation.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.evergrant.AppId;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Seal;
import org.evergrant.spi.Store;

/**
 * The one store of a fleet: encoded records, its own clock, and who watches. What reaches it and
 * what does not is a {@link StoreDoor}'s to say.
 */
final class SharedStore {
    static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");
    private static final RecordCodec CODEC = RecordCodec.sealedBy(new Plain());

    /** Records lie open: nobody is to be kept from reading them here. */
    private static final class Plain implements Seal {
        @Override
        public byte[] seal(byte[] plain, byte[] context) {
            return plain;
        }

        @Override
        public byte[] open(byte[] sealed, byte[] context) {
            return sealed;
        }
    }

    /** One app's record, and those who want to hear of its changes. */
    private static final class Shelf {
        private final int app;
        private long version;
        private byte[] bytes = new byte[0];
        private AppRecord record = AppRecord.EMPTY;
        private final List<Consumer<Store.Versioned>> watches = new ArrayList<>();

        private Shelf(int app) {
            this.app = app;
        }
    }

    private final Agenda agenda;
    private final Map<AppId, Shelf> shelves = new java.util.HashMap<>();
    private final List<Shelf> all = new ArrayList<>();
    private long jumped;
    private long awayUntil;
    private long slowUntil;

    SharedStore(Agenda agenda, List<AppId> apps) {
        this.agenda = agenda;
        for (AppId app : apps) {
            Shelf shelf = new Shelf(all.size());
            all.add(shelf);
            shelves.put(app, shelf);
        }
    }

    int numberOf(AppId app) {
        return shelf(app).app;
    }

    Store.Versioned read(AppId app) {
        Shelf shelf = shelf(app);
        return new Store.Versioned(
                shelf.version,
                shelf.version == 0 ? AppRecord.EMPTY : CODEC.decode(app, shelf.bytes));
    }

    boolean cas(AppId app, long version, AppRecord record) {
        Shelf shelf = shelf(app);
        byte[] bytes = CODEC.encode(app, record);
        if (shelf.version != version) {
            return false;
        }
        shelf.version++;
        shelf.bytes = bytes;
        shelf.record = record;
        return true;
    }

    /** Returns the record as it was last written, for those who judge. */
    AppRecord record(int app) {
        return all.get(app).record;
    }

    long version(int app) {
        return all.get(app).version;
    }

    void watch(AppId app, Consumer<Store.Versioned> watch) {
        shelf(app).watches.add(watch);
    }

    void unwatch(AppId app, Consumer<Store.Versioned> watch) {
        shelf(app).watches.remove(watch);
    }

    List<Consumer<Store.Versioned>> watches(AppId app) {
        return shelf(app).watches;
    }

    /** Returns the instant on the store's clock. */
    Instant now() {
        return BEGINNING.plusNanos(agenda.now() + jumped);
    }

    /** Returns when the store's clock says this, if it does not jump until then. */
    long at(Instant instant) {
        return (instant.getEpochSecond() - BEGINNING.getEpochSecond()) * Span.SECOND
                + instant.getNano()
                - jumped;
    }

    void jump(long nanos) {
        jumped += nanos;
    }

    void goAway(long nanos) {
        awayUntil = Math.max(awayUntil, agenda.now() + nanos);
    }

    boolean isAway() {
        return agenda.now() < awayUntil;
    }

    void slowDown(long nanos) {
        slowUntil = Math.max(slowUntil, agenda.now() + nanos);
    }

    boolean isSlow() {
        return agenda.now() < slowUntil;
    }

    private Shelf shelf(AppId app) {
        Shelf shelf = shelves.get(app);
        if (shelf == null) {
            throw new IllegalArgumentException("no app " + app + " in this fleet");
        }
        return shelf;
    }
}
