package org.evergrant.bench;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Node;
import org.evergrant.Secret;
import org.evergrant.TokenSource;
import org.evergrant.spi.Minter;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A node with a token in its promise. */
@State(Scope.Benchmark)
public class WarmEvergrant {
    private final Node node = Node.builder().minter(new SameToken()).build();
    private final TokenSource tokens =
            node.tokens(
                    App.zoom(AppId.of("zoom"))
                            .tokenUrl(URI.create("http://127.0.0.1/oauth/token"))
                            .accountId("account")
                            .clientId("client")
                            .clientSecret(Secret.of("secret"))
                            .build());

    /** Mints before the clock runs. */
    public WarmEvergrant() {
        tokens.get();
    }

    TokenSource tokens() {
        return tokens;
    }

    /** Ends the node's threads. */
    @TearDown
    public void close() {
        node.close();
    }

    private static final class SameToken implements Minter {
        @Override
        public CompletableFuture<Answer> mint(App app, int index) {
            return CompletableFuture.completedFuture(
                    new Minted(
                            Secret.of(Tokens.VALUE), "bearer", "", "", Optional.of(Tokens.LIFE)));
        }

        @Override
        public void close() {}
    }
}
