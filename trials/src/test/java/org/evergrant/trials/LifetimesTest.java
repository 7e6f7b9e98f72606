package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Retention;
import org.evergrant.jdbc.SqliteStore;
import org.evergrant.spi.AppRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three processes of 64 callers through ten lifetimes of three seconds, judged by the provider. */
class LifetimesTest {
    private static final int PROCESSES = 3;
    private static final int CALLERS = 64;
    private static final long SECONDS = 30;

    /** A thousand calls a second from 192 callers leave room on two cores. */
    private static final long THINK_MS = 150;

    @ParameterizedTest
    @ValueSource(
            strings = {"newest-only", "indexed:2", "newest:2", "grace:1s", "keep-all", "sticky:1s"})
    void noCallFailsAndNoMintIsWasted(String retention, @TempDir Path folder) throws Exception {
        try (Emulator provider =
                        Emulator.builder()
                                .retention(Retention.parse(retention))
                                .lifetime(Duration.ofSeconds(3))
                                .latency(Duration.ofMillis(100))
                                .start();
                Fleet fleet = new Fleet(folder, provider)) {
            fleet.start(PROCESSES, CALLERS, retention, SECONDS, THINK_MS);

            Tally seen = fleet.join(SECONDS + 90);

            System.out.println(retention + ": " + seen + ", mints " + provider.state().mints());
            assertThat(seen.refused()).as(fleet.said()).isZero();
            assertThat(seen.tokenless()).as(fleet.said()).isZero();
            assertThat(seen.calls()).isGreaterThan(CALLERS * PROCESSES * SECONDS);
            assertThat(provider.state().api401()).isEqualTo(seen.overslept());
            AppRecord record = record(fleet.store(), provider.url(), retention);
            assertThat(provider.state().mints()).isEqualTo(record.generation());
            // The shortest life in use is 80 % of three seconds.
            assertThat(record.generation()).isBetween(9L, SECONDS * 10 / 24 + 3);
        }
    }

    private static AppRecord record(Path file, String provider, String retention) {
        try (SqliteStore store = SqliteStore.open(file)) {
            return store.read(Worker.app(provider, retention).recordId()).record();
        }
    }
}
