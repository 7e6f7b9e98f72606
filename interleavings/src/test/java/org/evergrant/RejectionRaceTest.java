package org.evergrant;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rejection against the hit path, a mint under way, and a timer. */
class RejectionRaceTest {
    private static final String[] AGAINST_HITS = {"work", "ask ask"};
    private static final String[] AGAINST_A_MINT = {"reject", "answer", "work"};
    private static final String[] AGAINST_A_TIMER = {"hear", "timer"};

    @TempDir Path folder;

    @Test
    void rejectedTokenIsHandedOutNoMore() {
        Interleavings.explore(Rejected.class, AGAINST_HITS);
    }

    @Test
    void lookAtTheHitThatUndoesARejectionIsFound() {
        Planted bug =
                Planted.fault(
                        folder,
                        "Keeper",
                        "HIT.compareAndSet(this, seen, hit(token, now, seen.end));",
                        "hit = hit(token, now, seen.end);");

        Interleavings.find(bug, "a rejected token is handed out", Rejected.class, AGAINST_HITS);
    }

    @Test
    void callerToldBeforeTheHitIsGoneIsFound() {
        Planted bug =
                Planted.fault(
                        folder, "Rotor", "handOut(Rotation.next(written, policy(), now));", "");

        Interleavings.find(bug, "a rejected token is handed out", Rejected.class, AGAINST_HITS);
    }

    @Test
    void rejectionDuringAMintCausesNoSecondOne() {
        Interleavings.explore(BeingReplaced.class, AGAINST_A_MINT);
    }

    @Test
    void lateRejectionTakenForOneOfTheNewestIsFound() {
        Planted bug =
                Planted.fault(
                        folder,
                        "Rotor",
                        ".filter(which).findFirst();",
                        ".filter(which).findFirst().or(() -> shared.record().newest());");

        Interleavings.find(bug, "3 mints", BeingReplaced.class, AGAINST_A_MINT);
    }

    @Test
    void changeHeardWhileATimerGoesOffIsNotForgotten() {
        Interleavings.explore(Watched.class, AGAINST_A_TIMER);
    }

    @Test
    void changeForgottenByATimerIsFound() {
        Planted bug =
                Planted.fault(
                        folder, "Rotor", "if (!isServing)", "if (changed = changed || !isServing)");

        Interleavings.find(bug, "token 1", Watched.class, AGAINST_A_TIMER);
    }

    /** The first token is on the hit path, and the next ask is one that looks at the hit. */
    public static class Served extends Stage {
        final Token first;
        private volatile boolean rejected;

        public Served() {
            super("newest-only");
            first = tokens.get();
            time.advance(Duration.ofMinutes(5));
            setLater();
        }

        @Operation
        public void reject() {
            var _ =
                    tokens.rejectAsync(first.value().reveal())
                            .thenAccept(newest -> rejected = newest);
        }

        @Operation
        public void ask() {
            boolean before = rejected;
            var _ =
                    tokens.getAsync()
                            .thenAccept(token ->
                                    check(
                                            !before || token.generation() != 1,
                                            "a rejected token is handed out"));
        }

        @Validate
        public void theNextTokenIsThere() {
            work();
            long again = askAgain();
            check(again == 2, "token " + again);
            check(provider.count() == 2, provider.count() + " mints");
            check(record().claim() == null, "a claim is left behind");
            nothingBroken();
        }
    }

    /** The first token is on the hit path, and its rejection in the mailbox. */
    public static final class Rejected extends Served {
        public Rejected() {
            reject();
        }
    }

    /** The promise of the first token is over, and its mint's answer is on its way. */
    public static final class BeingReplaced extends Served {
        public BeingReplaced() {
            time.advance(Duration.ofMinutes(54).plusSeconds(1));
            provider.hold();
            askAgain();
        }

        @Operation
        public void answer() {
            provider.release();
        }
    }

    /** Nobody has asked for long, and the renewal is due soon; another node rejects the token. */
    public static final class Watched extends Stage {
        private final Node another =
                Node.builder()
                        .store(store)
                        .minter(provider)
                        .time(time)
                        .executor(Runnable::run)
                        .build();
        private Store.Listener listener = () -> {};

        public Watched() {
            super("indexed:2");
            Token first = tokens.get();
            time.advance(Duration.ofMinutes(47));
            var _ = another.tokens(app).rejectAsync(first.value().reveal());
            setLater();
        }

        @Override
        Store store() {
            return new Store() {
                @Override
                public Versioned read(AppId id) {
                    return store.read(id);
                }

                @Override
                public boolean cas(AppId id, long version, AppRecord record) {
                    return store.cas(id, version, record);
                }

                @Override
                public Watch watch(AppId id, Listener heard) {
                    listener = heard;
                    return () -> {};
                }

                @Override
                public Instant now() {
                    return store.now();
                }

                @Override
                public void close() {}
            };
        }

        @Operation
        public void hear() {
            listener.changed();
        }

        @Operation
        public void timer() {
            time.advance(Duration.ofMinutes(5));
        }

        @Validate
        public void rejectedTokenIsNotHandedOut() {
            work();
            long again = askAgain();
            check(again > 1, "token " + again);
            nothingBroken();
        }
    }
}
