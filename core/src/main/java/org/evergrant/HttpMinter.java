package org.evergrant;

import java.util.concurrent.CompletableFuture;
import org.evergrant.spi.Minter;

final class HttpMinter implements Minter {
    @Override
    public CompletableFuture<Answer> mint(App app, int index) {
        return CompletableFuture.failedFuture(new IllegalStateException(app.toString() + index));
    }

    @Override
    public void close() {}
}
