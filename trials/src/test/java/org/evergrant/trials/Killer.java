package org.evergrant.trials;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.evergrant.AppId;
import org.evergrant.spi.Store;

/**
 * Kills processes at moments drawn at random. Half of them fall anywhere; most others within the
 * mint of the process that they kill, from the claim to a little after the publication; and now and
 * then everybody dies at once, as when the machine loses its power.
 */
final class Killer {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(1500);

    /** An app is claimed at least once a lifetime; after that the killer tries another. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

    private final Crew crew;
    private final ClaimWatch claims;
    private final List<AppId> records;
    private final Duration mint;
    private final Random random;

    /**
     * Makes one that has not killed anybody yet.
     *
     * @param mint how long a mint takes
     */
    Killer(Crew crew, Store store, List<AppId> records, Duration mint, Random random) {
        this.crew = crew;
        this.claims = new ClaimWatch(store, crew);
        this.records = records;
        this.mint = mint;
        this.random = random;
    }

    /** Kills until the time is over. */
    void run(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            ClaimWatch.pause(between(SHORTEST_PAUSE, LONGEST_PAUSE));
            crew.assertNoneFell();
            crew.kill(victims());
        }
    }

    private List<Crew.Member> victims() {
        double lot = random.nextDouble();
        List<Crew.Member> alive = crew.alive();
        if (lot < 0.05) {
            return alive;
        }
        if (lot < 0.50) {
            return List.of(alive.get(random.nextInt(alive.size())));
        }
        AppId app = records.get(random.nextInt(records.size()));
        Duration into = between(Duration.ZERO, mint.plusMillis(30));
        Crew.Member claimant = claims.next(app, LONGEST_LOOK);
        ClaimWatch.pause(into);
        return claimant == null ? List.of() : List.of(claimant);
    }

    private Duration between(Duration least, Duration most) {
        return Duration.ofNanos(random.nextLong(least.toNanos(), most.toNanos()));
    }
}
