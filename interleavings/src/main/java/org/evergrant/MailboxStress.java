package org.evergrant;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two threads leave a message each; what the messages change has no care of its own for threads.
 */
@JCStressTest
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "Both have run, and a pass after them.")
@Outcome(expect = FORBIDDEN, desc = "One is lost, or two ran at once.")
@State
public class MailboxStress {
    private final Mailbox mailbox = new Mailbox(Runnable::run, this::pass);
    private int ran;
    private int seenByPass;

    /** Leaves the first one. */
    @Actor
    public void one() {
        mailbox.post(this::message);
    }

    /** Leaves the other one. */
    @Actor
    public void other() {
        mailbox.post(this::message);
    }

    /** Says what the messages and the passes have left. */
    @Arbiter
    public void afterwards(II_Result result) {
        result.r1 = ran;
        result.r2 = seenByPass;
    }

    private void message() {
        ran++;
    }

    private void pass() {
        seenByPass = ran;
    }
}
