package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.evergrant.spi.Minter.Answer;
import org.evergrant.spi.Minter.Doubtful;
import org.evergrant.spi.Minter.NotMinted;
import org.junit.jupiter.api.Test;

/** What a closed minter leaves behind: no mint without an answer, no thread, no connection. */
class ClosingMinterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void unusedMinterHasNoThread() {
        long before = clientThreads();

        try (HttpMinter minter = new HttpMinter()) {
            assertThat(minter).isNotNull();
            assertThat(clientThreads()).isEqualTo(before);
        }
    }

    @Test
    void closingAnswersAMintUnderWayAtOnceWithADoubt() {
        HttpMinter minter = new HttpMinter();
        try (RawServer server = RawServer.silent()) {
            CompletableFuture<Answer> mint = minter.mint(patient(server.url()), 0);
            until(() -> !server.requests().isEmpty());
            long began = System.nanoTime();

            minter.close();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
            assertThat(mint.join()).isInstanceOf(Doubtful.class);
        }
    }

    @Test
    void closingCutsTheConnectionOfAMintUnderWay() {
        HttpMinter minter = new HttpMinter();
        boolean[] gone = new boolean[1];
        try (RawServer server =
                RawServer.that(
                        (connection, out) -> gone[0] = connection.getInputStream().read() < 0)) {
            CompletableFuture<Answer> mint = minter.mint(patient(server.url()), 0);
            until(() -> !server.requests().isEmpty());

            minter.close();

            until(() -> gone[0]);
            assertThat(mint).isCompleted();
        }
    }

    @Test
    void closedMinterLeavesNoThread() {
        assertThat(Runtime.version().feature()).isGreaterThanOrEqualTo(21);
        HttpMinter minter = new HttpMinter();
        try (RawServer server = RawServer.answeringJson("{\"access_token\":\"t\"}")) {
            Answer unused = minter.mint(patient(server.url()), 0).join();
            assertThat(clientThreads()).isPositive();

            minter.close();

            until(() -> clientThreads() == 0);
        }
    }

    @Test
    void cancelledMintCutsItsConnection() {
        boolean[] gone = new boolean[1];
        try (HttpMinter minter = new HttpMinter();
                RawServer server =
                        RawServer.that((connection, out) ->
                                gone[0] = connection.getInputStream().read() < 0)) {
            CompletableFuture<Answer> mint = minter.mint(patient(server.url()), 0);
            until(() -> !server.requests().isEmpty());

            assertThat(mint.cancel(true)).isTrue();

            until(() -> gone[0]);
        }
    }

    @Test
    void closingTwiceAndMintingAfterwardsIsHarmless() {
        HttpMinter minter = new HttpMinter();
        minter.close();
        minter.close();

        assertThat(minter.mint(patient(URI.create("http://127.0.0.1:1/")), 0).join())
                .isInstanceOf(NotMinted.class);
    }

    private static App patient(URI tokenUrl) {
        return App.zoom(AppId.of("zoom"))
                .tokenUrl(tokenUrl)
                .accountId("account")
                .clientId("client")
                .clientSecret(Secret.of("secret"))
                .mintDeadline(Duration.ofSeconds(60))
                .build();
    }

    private static long clientThreads() {
        List<Thread> threads = List.copyOf(Thread.getAllStackTraces().keySet());
        return threads.stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("HttpClient-"))
                .count();
    }

    private static void until(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
