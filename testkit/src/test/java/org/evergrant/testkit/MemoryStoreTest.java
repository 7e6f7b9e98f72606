package org.evergrant.testkit;

import java.util.List;
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
    protected List<StoreLane> lanes(StoreFailure failure) {
        return List.of(
                StoreLane.none(
                        switch (failure) {
                            case CUT -> "there is no connection between a process and its memory";
                            case FULL -> "a process without memory ends, and its records with it";
                            case READ_ONLY -> "a process may write to its own memory";
                            case LATE -> "a call waits for nobody but a map";
                            case NEWER_RECORD, NEWER_SCHEMA ->
                                    "what one process keeps was written by one version";
                        }));
    }

    @Override
    protected StoreProcess otherProcess() {
        return StoreProcess.none("the memory of a process is its own");
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
