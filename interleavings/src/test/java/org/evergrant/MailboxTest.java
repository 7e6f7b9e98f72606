package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mailbox between threads that leave messages at the same time. */
class MailboxTest {
    private static final String[] THREE = {"post post", "post", "signal"};
    private static final String[] ENDING = {"post post", "post", "end"};

    @TempDir Path folder;

    @Test
    void everyMessageRunsOnceAndOneAtATimeAndAPassFollows() {
        Interleavings.exploreMany(OnTheCaller.class, THREE);
    }

    @Test
    void executorThatEndsMeanwhileLosesNoMessage() {
        Interleavings.exploreMany(EndingExecutor.class, ENDING);
    }

    @Test
    void signalsForgottenAfterADrainAreFound() {
        Planted bug =
                plant(
                        "while ((int) SIGNALS.getAndAdd(this, -seen) != seen)",
                        "while ((int) SIGNALS.getAndSet(this, 0) > seen + 9)");

        Interleavings.findAmongMany(bug, "messages were posted", OnTheCaller.class, THREE);
    }

    @Test
    void drainThatARejectingExecutorLosesIsFound() {
        Planted bug = plant("drain();", "return;");

        Interleavings.findAmongMany(bug, "messages were posted", EndingExecutor.class, ENDING);
    }

    @Test
    void messageThatEndsInAnErrorStopsNoOtherOne() {
        AtomicInteger ran = new AtomicInteger();
        Mailbox mailbox = new Mailbox(Runnable::run, () -> {});

        mailbox.post(() -> {
            throw new StackOverflowError();
        });
        mailbox.post(ran::incrementAndGet);

        assertThat(ran).hasValue(1);
    }

    @Test
    void messagesRunInTheOrderInWhichTheyWereLeft() {
        List<String> ran = new ArrayList<>();
        Queue<Runnable> handedOver = new ArrayDeque<>();
        Mailbox mailbox = new Mailbox(handedOver::add, () -> ran.add("pass"));

        mailbox.post(() -> {
            ran.add("one");
            mailbox.post(() -> ran.add("left by one"));
        });
        mailbox.post(() -> ran.add("two"));
        mailbox.post(() -> ran.add("three"));
        handedOver.remove().run();

        assertThat(ran).containsExactly("one", "two", "three", "left by one", "pass", "pass");
        assertThat(handedOver).isEmpty();
    }

    private Planted plant(String text, String fault) {
        return Planted.fault(folder, "Mailbox", text, fault);
    }

    /** Messages that count themselves without any care of their own for other threads. */
    public static class OnTheCaller {
        private final Mailbox mailbox = new Mailbox(this::run, this::pass);
        private int ran;
        private int seenByPass;
        private boolean busy;
        private boolean twoAtOnce;

        @Operation
        public void post() {
            mailbox.post(this::message);
        }

        @Operation
        public void signal() {
            mailbox.signal();
        }

        @Validate
        public void everythingRan() {
            check(!twoAtOnce, "two ran at once");
            check(ran == 3, "3 messages were posted and " + ran + " ran");
            check(seenByPass == 3, "the last pass came after " + seenByPass + " messages");
        }

        void run(Runnable drain) {
            drain.run();
        }

        private void message() {
            alone(() -> ran++);
        }

        private void pass() {
            alone(() -> seenByPass = ran);
        }

        private void alone(Runnable work) {
            twoAtOnce |= busy;
            busy = true;
            work.run();
            busy = false;
        }

        static void check(boolean holds, String otherwise) {
            if (!holds) {
                throw new AssertionError(otherwise);
            }
        }
    }

    /** An executor that some thread ends. */
    public static final class EndingExecutor extends OnTheCaller {
        private volatile boolean ended;

        @Operation
        public void end() {
            ended = true;
        }

        @Override
        void run(Runnable drain) {
            if (ended) {
                throw new RejectedExecutionException();
            }
            drain.run();
        }
    }
}
