package org.evergrant.jdbc;

import java.nio.file.Path;
import java.util.List;
import org.evergrant.spi.Store;
import org.evergrant.testkit.StoreOpener;

/** Opens the file that the first argument names. */
public final class SqliteOpener implements StoreOpener {
    @Override
    public Store open(List<String> arguments) {
        return SqliteStore.open(Path.of(arguments.get(0)));
    }
}
