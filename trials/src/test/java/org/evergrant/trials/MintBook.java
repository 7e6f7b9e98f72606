package org.evergrant.trials;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.MintRecord;

/** All mints of a provider, whose own log keeps only so many. */
final class MintBook {
    private final Emulator provider;
    private final Map<String, Map<Long, MintRecord>> mints = new ConcurrentHashMap<>();

    MintBook(Emulator provider) {
        this.provider = provider;
    }

    /** Writes down what has come since the last time. */
    synchronized void collect() {
        for (MintRecord mint : provider.mintLog()) {
            mints.computeIfAbsent(mint.clientId(), app -> new LinkedHashMap<>())
                    .put(mint.number(), mint);
        }
    }

    /** Returns the mints of a client, oldest first. */
    synchronized List<MintRecord> of(String client) {
        return List.copyOf(mints.getOrDefault(client, Map.of()).values());
    }
}
