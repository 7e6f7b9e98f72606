package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.evergrant.spi.DurationText;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many machines on one store, to which everything happens that happens to machines. A run of any
 * length and size is {@code trials/fleet --store postgres --for 5m}.
 */
class FleetTrialTest {
    private static final Duration FOR = time("fleet.for", "10s");
    private static final long SEED = Long.getLong("fleet.seed", 12);
    private static final FleetTrial.Size SIZE =
            new FleetTrial.Size(
                    Integer.getInteger("fleet.brokers", 2),
                    Integer.getInteger("fleet.libraries", 3),
                    Integer.getInteger("fleet.callers", 16),
                    time("fleet.think", "300ms"),
                    time("fleet.life", "4s"),
                    time("fleet.quiet", "500ms"));

    /** Surefire keeps what is printed until it is a few thousand bytes; a script does not. */
    private static final PrintStream OUT = out();

    @TempDir private Path folder = Path.of("");

    private static Duration time(String name, String usual) {
        return DurationText.parse(System.getProperty(name, usual));
    }

    private static PrintStream out() {
        String file = System.getProperty("fleet.out", "");
        try {
            return file.isEmpty()
                    ? System.out
                    : new PrintStream(new FileOutputStream(file), true, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Stream<String> stores() {
        return Stream.of(System.getProperty("fleet.store", "postgres,valkey").split(",", -1));
    }

    @ParameterizedTest
    @MethodSource("stores")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void everyFailedCallIsOneThatTheGuaranteesExcept(String store) throws Exception {
        OUT.println(store + ": fleet.for=" + FOR + " fleet.seed=" + SEED + " " + SIZE);
        try (SharedStore servers = servers(store);
                FleetTrial trial = new FleetTrial(folder, servers, SIZE, SEED, OUT)) {
            trial.start();
            trial.run(FOR);

            Account account = trial.account();
            Asks asks = trial.asks(account);
            OUT.println(account);
            OUT.println("late mints: " + account.lateMints());
            OUT.println("done: " + trial.done());
            OUT.println("asks without a token: " + asks.reasons());
            if (!account.faults().isEmpty() || !asks.faults().isEmpty()) {
                account.story().forEach(OUT::println);
            }
            assertThat(account.faults()).isEmpty();
            assertThat(asks.faults()).isEmpty();
            assertThat(account.answered()).isGreaterThan(FOR.toSeconds() * SIZE.nodes());
            assertThat(trial.done()).isNotEmpty();
            assertThat(trial.clocksAhead()).allSatisfy(FleetTrialTest::everySecondIsAhead);
        }
    }

    /** Less what a JVM takes to start, every second clock is 30 s ahead. */
    private static void everySecondIsAhead(String name, Duration ahead) {
        Duration least = name.matches(".*[13579]") ? Duration.ofSeconds(30) : Duration.ZERO;
        assertThat(ahead).as(name).isBetween(least, least.plusSeconds(29));
    }

    private SharedStore servers(String store) throws IOException {
        return switch (store) {
            case "postgres" -> PostgresPair.start(folder);
            case "valkey" -> ValkeyTrio.start();
            default ->
                    throw new IllegalArgumentException(
                            "fleet.store: "
                                    + store
                                    + " (expected: "
                                    + List.of("postgres", "valkey")
                                    + ")");
        };
    }
}
