package org.evergrant.valkey;

import java.util.List;
import org.evergrant.spi.Store;
import org.evergrant.testkit.StoreOpener;

/** Opens the store that the first argument names, with the test's key. */
public final class ValkeyOpener implements StoreOpener {
    @Override
    public Store open(List<String> arguments) {
        return Samples.open(arguments.get(0));
    }
}
