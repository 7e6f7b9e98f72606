package org.evergrant.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.Store;
import org.evergrant.testkit.StoreOpener;

/** Opens the store whose URL and key are the two lines of the file that the argument names. */
public final class PostgresOpener implements StoreOpener {
    @Override
    public Store open(List<String> arguments) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(arguments.get(0)));
        return PostgresStore.open(lines.get(0), SealingKey.fromText(lines.get(1), "the test"));
    }
}
