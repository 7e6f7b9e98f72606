package org.evergrant;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases against the planned mint that would kill their token. */
class LeaseTest {
    private static final String[] RELEASES = {"work", "release", "releaseOther"};
    private static final String[] LATE = {"lease", "promiseEnds"};

    @TempDir Path folder;

    @Test
    void mintGoesAfterTheLastReleaseAndNotBefore() {
        Interleavings.explore(Held.class, RELEASES);
    }

    @Test
    void releaseThatNobodyHearsIsFound() {
        Planted bug = Planted.fault(folder, "Rotor", "awaitsLeases = mint;", "");

        Interleavings.find(bug, "token -1", Held.class, RELEASES);
    }

    @Test
    void mintThatAsksForNoLeasesIsFound() {
        Planted bug = Planted.fault(folder, "Rotor", "mint ? leasedUntil(turn) : null", "null");

        Interleavings.find(bug, "minted while its token is held", Held.class, RELEASES);
    }

    @Test
    void leaseTakenAtTheLastMomentHoldsToo() {
        Interleavings.exploreBlocking(LastMoment.class, LATE);
    }

    @Test
    void leaseThatIsNotLookedAtAgainIsFound() {
        Planted bug =
                Planted.fault(
                        folder,
                        "Keeper",
                        "still != null && still.generation() == token.generation()",
                        "true");

        Interleavings.findBlocking(
                bug, "a lease of a token that a mint has killed", LastMoment.class, LATE);
    }

    /** Two leases of a token whose promise is over, so that its mint waits for them alone. */
    public static final class Held extends Stage {
        private final Lease one;
        private final Lease other;
        private final CompletableFuture<Token> ask;

        public Held() {
            super("newest-only");
            tokens.get();
            one = tokens.lease();
            other = tokens.lease();
            time.advance(Duration.ofMinutes(59).plusSeconds(1));
            setLater();
            ask = tokens.getAsync();
        }

        @Operation
        public void release() {
            check(provider.count() == 1, "minted while its token is held");
            one.close();
        }

        @Operation
        public void releaseOther() {
            check(provider.count() == 1, "minted while its token is held");
            other.close();
        }

        @Validate
        public void theMintHasGone() {
            work();
            check(generation(ask) == 2, "token " + generation(ask));
            check(provider.count() == 2, provider.count() + " mints");
            nothingBroken();
        }
    }

    /** The promise of the token ends while a caller takes a lease of it. */
    public static final class LastMoment extends Stage {
        public LastMoment() {
            super("newest-only");
            tokens.get();
            time.advance(Duration.ofMinutes(59).minusSeconds(5));
        }

        @Operation
        public void lease() {
            Lease lease = tokens.lease();
            check(
                    lease.token().generation() == provider.count(),
                    "a lease of a token that a mint has killed");
        }

        @Operation
        public void promiseEnds() {
            time.advance(Duration.ofSeconds(7));
            var _ = tokens.getAsync();
        }

        @Validate
        public void held() {
            nothingBroken();
        }
    }
}
