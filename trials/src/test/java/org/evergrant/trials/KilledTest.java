package org.evergrant.trials;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.evergrant.spi.DurationText;
import org.evergrant.trials.History.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Killed for real: {@code kill -9} at random moments, restarted at once. A run of any length is
 * {@code trials/killed --for 10m}.
 */
class KilledTest {
    private static final Duration FOR = DurationText.parse(System.getProperty("killed.for", "15s"));
    private static final long SEED = Long.getLong("killed.seed", System.nanoTime() & 0xFFFFFF);

    @TempDir private Path folder = Path.of("");

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void noPromiseIsBrokenAndNoMintWastedBeyondTheClaimsThatRanOut() throws Exception {
        System.out.println("killed.for=" + FOR + " killed.seed=" + SEED);
        try (KillTrial trial = new KillTrial(folder, SEED)) {
            trial.run(FOR);

            List<Account> accounts = trial.accounts();
            accounts.forEach(System.out::println);
            System.out.println(
                    trial.kills()
                            + " kills, "
                            + trial.commands()
                            + " commands, asks without a"
                            + " token: "
                            + reasons(trial.tokenless()));
            assertThat(accounts).flatExtracting(Account::faults).isEmpty();
            assertThat(accounts)
                    .allSatisfy(account ->
                            assertThat(account.answered()).isGreaterThan(FOR.toSeconds()));
            assertThat(accounts.stream().mapToInt(one -> one.count(End.RAN_OUT)).sum())
                    .isPositive();
        }
    }

    private static Map<String, Long> reasons(List<CallLog.Tokenless> asks) {
        return asks.stream()
                // One counter for "try again at …", whatever the time.
                .map(ask -> ask.reason().replaceAll("[0-9].*", "…"))
                .collect(groupingBy(reason -> reason, TreeMap::new, counting()));
    }
}
