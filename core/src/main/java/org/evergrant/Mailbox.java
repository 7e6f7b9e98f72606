package org.evergrant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs one keeper's work one piece after the other, on whatever thread the executor lends, without
 * a lock: whoever raises the count from zero hands the work over, everybody else has left it a
 * message.
 */
final class Mailbox {
    private static final System.Logger LOG = System.getLogger("org.evergrant");

    private static final VarHandle NEWEST;
    private static final VarHandle SIGNALS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEWEST = lookup.findVarHandle(Mailbox.class, "newest", Message.class);
            SIGNALS = lookup.findVarHandle(Mailbox.class, "signals", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final class Message {
        private final Runnable work;

        /** The one left before this; once taken, the one left after it. */
        private @Nullable Message next;

        Message(Runnable work) {
            this.work = work;
        }
    }

    /** A stack of what was left: a queue takes room while it is empty, for each of many apps. */
    private volatile @Nullable Message newest;

    private volatile int signals;
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
        Message left = new Message(message);
        do {
            left.next = newest;
        } while (!NEWEST.compareAndSet(this, left.next, left));
        signal();
    }

    /** Asks for a run without a message. */
    void signal() {
        if ((int) SIGNALS.getAndAdd(this, 1) == 0) {
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
            seen = signals;
            while (newest != null) {
                for (Message next = takeAll(); next != null; next = next.next) {
                    run(next.work);
                }
            }
            run(afterMessages);
        } while ((int) SIGNALS.getAndAdd(this, -seen) != seen);
    }

    /** Returns the message that was left first, which leads to all those left after it. */
    private @Nullable Message takeAll() {
        Message last = (Message) NEWEST.getAndSet(this, null);
        Message first = null;
        while (last != null) {
            Message before = last.next;
            last.next = first;
            first = last;
            last = before;
        }
        return first;
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
