package org.evergrant;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs one keeper's work one piece after the other, on whatever thread the executor lends, without
 * a lock: whoever raises the count from zero hands the work over, everybody else has left it a
 * message.
 */
final class Mailbox {
    private static final System.Logger LOG = System.getLogger("org.evergrant");

    private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger signals = new AtomicInteger();
    private final Executor executor;
    private final Runnable afterMessages;

    /**
     * Makes an empty one.
     *
     * @param afterMessages runs after each batch of messages; must not throw
     */
    Mailbox(Executor executor, Runnable afterMessages) {
        this.executor = executor;
        this.afterMessages = afterMessages;
    }

    /** Leaves a message, which must not throw. */
    void post(Runnable message) {
        messages.add(message);
        signal();
    }

    /** Asks for a run without a message. */
    void signal() {
        if (signals.getAndIncrement() == 0) {
            try {
                executor.execute(this::drain);
            } catch (RejectedExecutionException closed) {
                // The executor ended before its node: nobody else can run this, so the caller does.
                drain();
            }
        }
    }

    private void drain() {
        int seen;
        do {
            seen = signals.get();
            for (Runnable next = messages.poll(); next != null; next = messages.poll()) {
                run(next);
            }
            run(afterMessages);
        } while (signals.addAndGet(-seen) != 0);
    }

    /**
     * Whatever is thrown, the count must come down again, or nothing would ever run here any more.
     */
    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error bug) {
            LOG.log(System.Logger.Level.ERROR, "a message failed", bug);
        }
    }
}
