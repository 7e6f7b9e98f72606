package org.evergrant.trials;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.AppId;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;

/**
 * Kills processes at moments drawn at random. Half of them fall anywhere; most others within the
 * mint of the process that they kill, from the claim to a little after the publication; and now and
 * then everybody dies at once, as when the machine loses its power.
 */
final class Killer {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(1500);
    private static final Duration LOOK = Duration.ofMillis(1);

    /** An app is claimed at least once a lifetime; after that the killer tries another. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

    private final Crew crew;
    private final Store store;
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
        this.store = store;
        this.records = records;
        this.mint = mint;
        this.random = random;
    }

    /** Kills until the time is over. */
    void run(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            pause(between(SHORTEST_PAUSE, LONGEST_PAUSE));
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
        Crew.Member claimant = nextClaimant(app);
        pause(into);
        return claimant == null ? List.of() : List.of(claimant);
    }

    /** Waits for the next claim, and returns the process that wrote it. */
    private Crew.@Nullable Member nextClaimant(AppId app) {
        Claim old = store.read(app).record().claim();
        long deadline = System.nanoTime() + LONGEST_LOOK.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Claim now = store.read(app).record().claim();
            if (now != null && (old == null || !now.isSame(old))) {
                return crew.byPid(History.pid(now));
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return null;
    }

    private Duration between(Duration least, Duration most) {
        return Duration.ofNanos(random.nextLong(least.toNanos(), most.toNanos()));
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
