package org.evergrant.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Run by {@link NothingLeftTest} only: its methods are meant to fail. */
@ExtendWith(NothingLeft.class)
final class LeavesThings {
    static volatile CountDownLatch ending = new CountDownLatch(1);

    @Test
    void clean() {
        System.out.println("nothing to see");
    }

    @Test
    void leavesAThread() {
        Thread thread = new Thread(LeavesThings::waitForTheEnd, "evergrant-left");
        ending = new CountDownLatch(1);
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void prints() {
        System.out.println("token " + NothingLeft.CANARY);
    }

    @Test
    void logs() {
        Logger.getLogger("org.evergrant.sample")
                .log(Level.WARNING, "token {0}", NothingLeft.CANARY);
    }

    @Test
    void throwsIt() {
        throw new IllegalStateException("token " + NothingLeft.CANARY);
    }

    private static void waitForTheEnd() {
        try {
            ending.await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
