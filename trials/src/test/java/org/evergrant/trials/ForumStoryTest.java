package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Retention;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story that users told in the provider's forum: two workers share an app; first every token
 * kills the one before, then support grants a tolerance of two indexes, then many tokens live.
 */
class ForumStoryTest {
    private static final int ROUNDS = 50;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir private Path folder = Path.of("");

    /** Gets a token for one call. */
    private interface Fetch {
        String token() throws IOException, InterruptedException;
    }

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void tokenPerCallFailsWhereEachTokenKillsTheOneBefore() throws Exception {
        try (Emulator provider = provider(Retention.newestOnly())) {
            Fetch perCall = () -> mint(provider, "");

            assertThat(failures(provider, perCall, perCall)).isPositive();
        }
    }

    @Test
    void withTheBrokerNoCallFails() throws Exception {
        try (Emulator provider = provider(Retention.newestOnly());
                BrokerProcess broker =
                        BrokerProcess.start(folder, "broker", provider.url(), "newest-only")) {
            Fetch asked = broker::token;

            assertThat(failures(provider, asked, asked)).isZero();
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void indexOfItsOwnKeepsEachWorkersTokenAlive() throws Exception {
        try (Emulator provider = provider(Retention.indexed(2))) {
            Fetch first = () -> mint(provider, "&token_index=0");
            Fetch second = () -> mint(provider, "&token_index=1");

            assertThat(failures(provider, first, second)).isZero();
        }
    }

    @Test
    void wrongNameOfTheIndexFallsIntoTheFirstOne() throws Exception {
        try (Emulator provider = provider(Retention.indexed(2));
                Api api = new Api(provider.url())) {
            String first = mint(provider, "&index=0");
            String second = mint(provider, "&index=1");

            assertThat(api.call(first)).isEqualTo(401);
            assertThat(api.call(second)).isEqualTo(200);
        }
    }

    @Test
    void indexBeyondTheToleranceIsRefused() throws Exception {
        try (Emulator provider = provider(Retention.indexed(2))) {
            HttpResponse<String> answer = answer(provider, "&token_index=2");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("token tolerance range");
        }
    }

    @Test
    void tokenPerCallWorksOnceManyTokensLive() throws Exception {
        try (Emulator provider = provider(Retention.keepAll())) {
            Fetch perCall = () -> mint(provider, "");

            assertThat(failures(provider, perCall, perCall)).isZero();
        }
    }

    /**
     * Two workers, each fetching a token and calling, in no order; returns how many calls failed.
     */
    private int failures(Emulator provider, Fetch one, Fetch other) throws Exception {
        AtomicInteger failed = new AtomicInteger();
        try (Api api = new Api(provider.url());
                ExecutorService workers = Executors.newFixedThreadPool(2)) {
            List<Future<?>> ends = new ArrayList<>();
            for (Fetch fetch : List.of(one, other)) {
                ends.add(
                        workers.submit(() -> {
                            for (int round = 0; round < ROUNDS; round++) {
                                if (api.call(fetch.token()) != 200) {
                                    failed.incrementAndGet();
                                }
                            }
                            return null;
                        }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
        return failed.get();
    }

    private String mint(Emulator provider, String more) throws IOException, InterruptedException {
        String body = answer(provider, more).body();
        String start = "\"access_token\":\"";
        int from = body.indexOf(start) + start.length();
        return body.substring(from, body.indexOf('"', from));
    }

    private HttpResponse<String> answer(Emulator provider, String more)
            throws IOException, InterruptedException {
        byte[] pair = "demo-client:demo-secret".getBytes(StandardCharsets.UTF_8);
        String form = "grant_type=account_credentials&account_id=demo-account" + more;
        HttpRequest mint =
                HttpRequest.newBuilder(URI.create(provider.tokenUrl()))
                        .header(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(pair))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build();
        return http.send(mint, BodyHandlers.ofString());
    }

    private static Emulator provider(Retention retention) {
        return Emulator.builder().retention(retention).start();
    }
}
