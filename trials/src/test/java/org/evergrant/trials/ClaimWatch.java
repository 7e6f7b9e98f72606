package org.evergrant.trials;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.AppId;
import org.evergrant.StoreException;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;

/** Sees which process is minting, so that something can be done to it in the midst of it. */
final class ClaimWatch {
    private static final Duration LOOK = Duration.ofMillis(1);

    private final Store store;
    private final Crew crew;

    ClaimWatch(Store store, Crew crew) {
        this.store = store;
        this.crew = crew;
    }

    /** Waits for the next claim, and returns the process that wrote it; null if there is none. */
    Crew.@Nullable Member next(AppId app, Duration atMost) {
        try {
            Claim old = store.read(app).record().claim();
            long deadline = System.nanoTime() + atMost.toNanos();
            while (System.nanoTime() - deadline < 0) {
                Claim now = store.read(app).record().claim();
                if (now != null && (old == null || !now.isSame(old))) {
                    return crew.byPid(History.pid(now));
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
            return null;
        } catch (StoreException away) {
            return null;
        }
    }

    /** Waits for exactly that long. */
    static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
