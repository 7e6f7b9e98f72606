package org.evergrant.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.evergrant.EvergrantException;
import org.evergrant.spi.Store;

/** A listener that keeps what a store's watch says: for tests of stores. */
public final class Ear implements Store.Listener {
    private final AtomicInteger calls = new AtomicInteger();
    private final List<Store.Versioned> news = new CopyOnWriteArrayList<>();
    private final List<EvergrantException> unreadable = new CopyOnWriteArrayList<>();

    /** Makes one that has heard nothing. */
    public Ear() {}

    /** Returns how often it was called, with news or without. */
    public int calls() {
        return calls.get();
    }

    /** Returns the news that came, in order. */
    public List<Store.Versioned> news() {
        return List.copyOf(news);
    }

    /** Returns why news that came could not be read. */
    public List<EvergrantException> unreadable() {
        return List.copyOf(unreadable);
    }

    @Override
    public void changed() {
        calls.incrementAndGet();
    }

    @Override
    public void changed(Supplier<Store.Versioned> said) {
        try {
            news.add(said.get());
        } catch (EvergrantException failure) {
            unreadable.add(failure);
        }
        calls.incrementAndGet();
    }
}
