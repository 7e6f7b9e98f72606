package org.evergrant.testkit;

import java.util.Map;
import org.evergrant.MemoryStore;
import org.evergrant.spi.Store;

class MemoryStoreTest extends StoreContract {
    private final MemoryStore first = MemoryStore.create();

    @Override
    protected Store open() {
        return first.another();
    }

    @Override
    protected Map<String, Broken> broken() {
        return Map.of(
                "closed",
                () -> {
                    MemoryStore store = MemoryStore.create();
                    store.close();
                    return store;
                });
    }
}
