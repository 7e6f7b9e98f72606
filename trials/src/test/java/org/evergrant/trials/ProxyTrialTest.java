package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.MintRecord;
import org.evergrant.emulator.Retention;
import org.evergrant.spi.DurationText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * 200 callers through the proxy of a broker process, under {@code newest-only} with a life of 3 s.
 * A run of any length is {@code trials/proxy --for 10m}.
 */
class ProxyTrialTest {
    private static final Duration FOR = DurationText.parse(System.getProperty("proxy.for", "15s"));
    private static final Duration LIFE = Duration.ofSeconds(3);

    /** A token's promise: its life without the margin, a tenth. */
    private static final Duration PROMISE = LIFE.multipliedBy(9).dividedBy(10);

    private static final Duration RIVAL_EVERY = Duration.ofSeconds(7);
    private static final Duration THINK = Duration.ofMillis(200);
    private static final int CALLERS = 200;

    @TempDir private Path folder = Path.of("");

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void newestOnlyCostsNoCallAndOneMintALifetime() throws Exception {
        try (Emulator provider = provider();
                BrokerProcess broker =
                        BrokerProcess.start(folder, "proxy", provider.url(), "newest-only")) {
            Map<Integer, Long> statuses = callFor(broker, () -> {});

            List<MintRecord> mints = provider.mintLog();
            report("planned", statuses, provider, mints);
            assertThat(statuses.keySet()).containsExactly(200);
            // A call that is slower than the token's margin may meet its expiry, and is made again;
            // none may meet our own mint.
            assertThat(provider.state().api401By()).doesNotContainKey("displaced");
            long lifetimes = FOR.plusSeconds(2).dividedBy(PROMISE);
            assertThat((long) mints.size()).isLessThanOrEqualTo(lifetimes + 1);
            assertThat(mints).hasSizeGreaterThan((int) (FOR.toSeconds() / 4));
        }
    }

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void rivalCostsNoCall() throws Exception {
        try (Emulator provider = provider();
                BrokerProcess broker =
                        BrokerProcess.start(folder, "rival", provider.url(), "newest-only")) {
            long[] next = {System.nanoTime() + RIVAL_EVERY.toNanos()};
            Map<Integer, Long> statuses =
                    callFor(
                            broker,
                            () -> {
                                if (System.nanoTime() - next[0] > 0) {
                                    next[0] += RIVAL_EVERY.toNanos();
                                    provider.rival();
                                }
                            });

            List<MintRecord> mints = provider.mintLog();
            report("rival", statuses, provider, mints);
            assertThat(statuses.keySet()).containsExactly(200);
            assertThat(provider.state().api401()).isPositive();
            long rivals = mints.stream().filter(one -> one.by() == MintRecord.By.RIVAL).count();
            assertThat(rivals).isPositive();
        }
    }

    /** Has all callers call until the time is over, and returns how often they saw which status. */
    private static Map<Integer, Long> callFor(BrokerProcess broker, Runnable meanwhile)
            throws Exception {
        Map<Integer, LongAdder> seen = new ConcurrentHashMap<>();
        long end = System.nanoTime() + FOR.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(
                        threads.submit(() -> {
                            while (System.nanoTime() - end < 0) {
                                seen.computeIfAbsent(call(http, broker), first -> new LongAdder())
                                        .increment();
                                LockSupport.parkNanos(THINK.toNanos());
                            }
                            return null;
                        }));
            }
            while (System.nanoTime() - end < 0) {
                meanwhile.run();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        Map<Integer, Long> statuses = new TreeMap<>();
        seen.forEach((status, count) -> statuses.put(status, count.sum()));
        return statuses;
    }

    private static int call(HttpClient http, BrokerProcess broker)
            throws IOException, InterruptedException {
        byte[] pair = "demo-client:demo-secret".getBytes(StandardCharsets.UTF_8);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(broker.url() + "/apps/zoom/api/v2/users/me"))
                        .timeout(Duration.ofSeconds(30))
                        .header(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(pair))
                        .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static void report(
            String what, Map<Integer, Long> statuses, Emulator provider, List<MintRecord> mints) {
        System.out.println(
                what
                        + ": "
                        + DurationText.format(FOR)
                        + ", "
                        + CALLERS
                        + " callers, calls by status "
                        + statuses
                        + ", mints "
                        + provider.state().mints()
                        + " (of a rival "
                        + mints.stream().filter(one -> one.by() == MintRecord.By.RIVAL).count()
                        + " of the last "
                        + mints.size()
                        + "), 401s hidden "
                        + provider.state().api401By());
    }

    private static Emulator provider() {
        return Emulator.builder()
                .retention(Retention.newestOnly())
                .lifetime(LIFE)
                .latency(Duration.ofMillis(20))
                .start();
    }
}
