package org.evergrant;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closing against everything else. */
class ClosingTest {
    private static final String[] DURING_A_MINT = {"ask", "close", "work answer"};
    private static final String[] TWICE = {"close", "close", "work"};
    private static final String[] AFTERWARDS = {"work", "ask ask"};
    private static final String[] NEW_SOURCE = {"closeNode", "source"};

    @TempDir Path folder;

    @Test
    void mintUnderWayIsPublishedAndEverybodyAnswered() {
        Interleavings.explore(Minting.class, DURING_A_MINT);
    }

    @Test
    void closingTwiceAtOnceEndsBoth() {
        Interleavings.explore(Minting.class, TWICE);
    }

    @Test
    void closedKeeperHandsOutNothingWhateverIsReported() {
        Interleavings.explore(TwoTokens.class, AFTERWARDS);
    }

    @Test
    void sourceMadeWhileTheNodeClosesRefuses() {
        Interleavings.explore(Sources.class, NEW_SOURCE);
    }

    @Test
    void mintThatIsNotWaitedForIsFound() {
        Planted bug = Planted.fault(folder, "Rotor", "if (mine == null)", "if (true)");

        Interleavings.find(bug, "closed with a claim", Minting.class, DURING_A_MINT);
    }

    @Test
    void callersLeftWaitingAreFound() {
        Planted bug =
                Planted.fault(
                        folder,
                        "Rotor",
                        "refuseAll(new IllegalStateException(\"the node is closed\"));",
                        "");

        Interleavings.find(bug, "still waiting", Minting.class, DURING_A_MINT);
    }

    @Test
    void closingThatTheNextOneReplacesIsFound() {
        Planted bug = Planted.fault(folder, "Rotor", "if (closing == null)", "if (true)");

        Interleavings.find(bug, "still closing", Minting.class, TWICE);
    }

    @Test
    void closedKeeperThatServesIsFound() {
        Planted bug = Planted.fault(folder, "Keeper", "closed ? Hit.NONE :", "");

        Interleavings.find(bug, "a closed node hands out a token", TwoTokens.class, AFTERWARDS);
    }

    @Test
    void sourceThatNobodyClosesIsFound() {
        Planted bug =
                Planted.fault(
                        folder, "Node", "CompletableFuture<Void> unused = keeper.close();", "");

        Interleavings.find(bug, "an ask is not refused", Sources.class, NEW_SOURCE);
    }

    /** The answer to the first mint is held back. */
    public static final class Minting extends Stage {
        private CompletableFuture<Token> ask =
                CompletableFuture.failedFuture(new TimeoutException());
        private CompletableFuture<Void> one = CompletableFuture.completedFuture(null);
        private CompletableFuture<Void> two = one;

        public Minting() {
            super("newest-only");
            provider.hold();
            var _ = tokens.getAsync();
            setLater();
        }

        @Operation
        public void ask() {
            ask = tokens.getAsync();
        }

        @Operation
        public void close() {
            CompletableFuture<Void> done = ((Keeper) tokens).close();
            var _ = done.thenRun(() -> check(record().claim() == null, "closed with a claim"));
            if (one.isDone()) {
                one = done;
            } else {
                two = done;
            }
        }

        @Operation
        public void answer() {
            provider.release();
        }

        @Validate
        public void everythingHasEnded() {
            work();
            answer();
            work();
            check(one.isDone() && two.isDone(), "still closing");
            check(ask.isDone(), "still waiting");
            check(record().claim() == null, "a claim is left behind");
            check(record().generation() == provider.count(), "a mint is not published");
            check(askAgain() == 0, "an ask is not refused");
            nothingBroken();
        }
    }

    /** Closed, with a report of the older of two good tokens in the mailbox. */
    public static final class TwoTokens extends Stage {
        private volatile boolean closed;

        public TwoTokens() {
            super("indexed:2");
            Token first = tokens.get();
            time.advance(Duration.ofMinutes(55));
            tokens.get();
            var _ = ((Keeper) tokens).close().thenRun(() -> closed = true);
            setLater();
            var _ = tokens.rejectAsync(first.value().reveal());
        }

        @Operation
        public void ask() {
            boolean before = closed;
            CompletableFuture<Token> ask = tokens.getAsync();
            check(!before || generation(ask) == 0, "a closed node hands out a token");
        }

        @Validate
        public void asksAreRefused() {
            check(askAgain() == 0, "an ask is not refused");
            nothingBroken();
        }
    }

    /** Nobody has asked for the app's tokens yet. */
    public static final class Sources extends Stage {
        private @Nullable TokenSource made;

        public Sources() {
            super("newest-only");
        }

        @Operation
        public void closeNode() {
            node.close();
        }

        @Operation
        public void source() {
            try {
                made = node.tokens(OTHER);
            } catch (IllegalStateException closed) {
                made = null;
            }
        }

        @Validate
        public void askIsRefused() {
            check(made == null || generation(made.getAsync()) == 0, "an ask is not refused");
            nothingBroken();
        }
    }
}
