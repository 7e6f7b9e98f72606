package org.evergrant.testkit;

import java.util.List;
import org.evergrant.spi.Store;

/** Opens a store in another process. Has a public constructor without arguments. */
public interface StoreOpener {
    /** Returns a handle on the store that {@code arguments} name. */
    Store open(List<String> arguments) throws Exception;
}
