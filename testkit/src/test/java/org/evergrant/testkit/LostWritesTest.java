package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Node;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.spi.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole nodes on a store that loses what it acknowledged. Tokens live an hour. */
class LostWritesTest {
    private final FakeTime time = FakeTime.create();
    private final FakeMinter provider = FakeMinter.create(time);
    private final ForgetfulStore store = new ForgetfulStore(time);
    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void closeNodes() {
        nodes.forEach(Node::close);
    }

    @Test
    void aNodeThatSawALostTokenPutsItBack() {
        TokenSource saw = tokens();
        Token token = saw.get();

        store.forget(1);
        store.tellAll();

        assertThat(tokens().get()).isEqualTo(token);
        assertThat(saw.get()).isEqualTo(token);
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void aNodeThatSawARejectionPutsItBackBeforeADeadTokenIsHandedOut() {
        TokenSource saw = tokens();
        Token first = saw.get();
        provider.revoke(first.value());
        saw.reject(first);
        Token second = saw.get();

        store.forget(3);
        store.tellAll();

        assertThat(tokens().get()).isEqualTo(second);
        assertThat(provider.count()).isEqualTo(2);
    }

    @Test
    void aNodeWhoseClaimWasLostPublishesAllTheSame() {
        TokenSource minting = tokens();
        provider.hold();
        CompletableFuture<Token> asked = minting.getAsync();

        store.forget(1);
        store.tellAll();
        provider.release();

        assertThat(asked.join()).isEqualTo(tokens().get());
        assertThat(provider.count()).isEqualTo(1);
    }

    @Test
    void aNodeThatWasAloneMeanwhilePutsItBack() {
        FailingStore failing = new FailingStore(store);
        TokenSource saw = tokens(failing, "keep-all");
        Token token = saw.get();

        failing.away(true);
        store.tellAll();
        store.forget(1);
        failing.away(false);
        time.advance(Duration.ofSeconds(1));

        assertThat(store.read(saw.app().recordId()).record().newest()).contains(token);
        assertThat(provider.count()).isEqualTo(1);
    }

    private TokenSource tokens() {
        return tokens(store, "newest-only");
    }

    private TokenSource tokens(Store shared, String retention) {
        Node node =
                Node.builder()
                        .store(shared)
                        .minter(provider)
                        .time(new Handle.Time(time))
                        .executor(Runnable::run)
                        .build();
        nodes.add(node);
        return node.tokens(app(retention));
    }

    private static App app(String retention) {
        return App.builder(AppId.of("zoom"))
                .tokenUrl(URI.create("https://provider.example.org/token"))
                .clientId("client")
                .clientSecret(Secret.of("secret"))
                .retention(Retention.parse(retention))
                .build();
    }
}
