package org.evergrant;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers who wait for one mint at the same time, and some who go away meanwhile. */
class FlightTest {
    private static final String[] ASKS = {"ask", "askBriefly", "work answer"};
    private static final String[] CANCELS = {"ask cancel", "askBriefly", "work answer"};
    private static final String[] DEADLINES = {"ask", "timePasses", "work"};
    private static final String[] INTERRUPTS = {"getInterrupted", "work answer"};

    @TempDir Path folder;

    @Test
    void callersOfAColdAppShareOneMint() {
        Interleavings.explore(Cold.class, ASKS);
    }

    @Test
    void callersOfAnExpiredTokenShareOneMint() {
        Interleavings.explore(Expired.class, ASKS);
    }

    @Test
    void callerThatCancelsDisturbsNobody() {
        Interleavings.explore(Cold.class, CANCELS);
    }

    @Test
    void callerAtItsDeadlineDisturbsNobody() {
        Interleavings.explore(AtDeadline.class, DEADLINES);
    }

    @Test
    void callerThatIsInterruptedDisturbsNobody() {
        Interleavings.exploreBlocking(Cold.class, INTERRUPTS);
    }

    @Test
    void secondMintIsFound() {
        Planted bug =
                Planted.fault(
                        folder,
                        "Rotor",
                        "return node.minter().mint(app, index)",
                        "node.minter().mint(app, index); return node.minter().mint(app, index)");

        Interleavings.find(bug, "2 mints", Cold.class, ASKS);
    }

    @Test
    void waiterForgottenTogetherWithOneWhoLeftIsFound() {
        Planted bug =
                Planted.fault(
                        folder,
                        "Waiters",
                        "waiting.removeIf(Waiter::isOver);",
                        "if (waiting.stream().anyMatch(Waiter::isOver)) waiting.clear();");

        Interleavings.find(bug, "askBriefly: -1", Cold.class, CANCELS);
    }

    @Test
    void deadlineOfOneTakenForThatOfAllIsFound() {
        Planted bug =
                Planted.fault(
                        folder,
                        "Rotor",
                        "waiters.giveUp(waiter, turn",
                        "waiters.failAll(new TryLaterException(\"\", turn.now(), Duration.ZERO));"
                                + " waiters.giveUp(waiter, turn");

        Interleavings.find(bug, "ask: 0", AtDeadline.class, DEADLINES);
    }

    /** Nobody has asked yet, and the answer to the first mint is held back. */
    public static class Cold extends Stage {
        private CompletableFuture<Token> ask = new CompletableFuture<>();
        private CompletableFuture<Token> brief = new CompletableFuture<>();
        private boolean isAsked;
        private boolean isBriefAsked;
        private volatile boolean timePassed;
        private long got;

        public Cold() {
            super("newest-only");
            provider.hold();
            setLater();
        }

        @Operation
        public void ask() {
            isAsked = true;
            ask = tokens.getAsync();
        }

        @Operation
        public void cancel() {
            ask.cancel(false);
        }

        @Operation
        public void askBriefly() {
            isBriefAsked = true;
            brief = tokens.getAsync(Duration.ZERO, Duration.ofMillis(10));
        }

        @Operation
        public void get() {
            got = tokens.get().generation();
            check(got == generation(), "get: " + got);
        }

        @Operation
        public void getInterrupted() {
            Thread.currentThread().interrupt();
            try {
                check(
                        tokens.get().generation() == generation(),
                        "another token for the interrupted");
            } catch (TryLaterException interrupted) {
                check(Thread.currentThread().isInterrupted(), "the interrupt is gone");
            }
            Thread.interrupted();
        }

        @Operation
        public void timePasses() {
            time.advance(Duration.ofMillis(10));
            timePassed = true;
        }

        @Operation
        public void answer() {
            provider.release();
        }

        long generation() {
            return 1;
        }

        @Validate
        public void everybodyElseHasTheTokenOfTheOneMint() {
            work();
            answer();
            work();
            check(provider.count() == generation(), provider.count() + " mints");
            check(record().generation() == generation(), "published: " + record().generation());
            check(record().claim() == null, "a claim is left behind");
            check(
                    !isAsked || ask.isCancelled() || generation(ask) == generation(),
                    "ask: " + generation(ask));
            long briefly = generation(brief);
            boolean gaveUp = timePassed && briefly == 0;
            check(!isBriefAsked || gaveUp || briefly == generation(), "askBriefly: " + briefly);
            nothingBroken();
        }
    }

    /** One caller is to give up in 10 ms. */
    public static final class AtDeadline extends Cold {
        public AtDeadline() {
            askBriefly();
        }
    }

    /** There was a token, and it has expired. */
    public static final class Expired extends Cold {
        public Expired() {
            provider.release();
            askAgain();
            time.advance(Duration.ofHours(1));
            provider.hold();
        }

        @Override
        long generation() {
            return 2;
        }
    }
}
