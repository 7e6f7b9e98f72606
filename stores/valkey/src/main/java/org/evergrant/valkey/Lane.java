package org.evergrant.valkey;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.evergrant.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The session that all threads of this process share.
 *
 * <ol>
 *   <li>Whoever finds none, or a broken one, opens the next one; the others wait for the same one.
 *   <li>When that fails, calls are refused at once for a moment. Nothing is ever queued.
 *   <li>A session that gave no answer in time is given up: nobody can tell what is still on its
 *       way, and a connection to a machine that is gone would stay for minutes.
 * </ol>
 */
final class Lane implements AutoCloseable {
    /** As long as a refused connection takes on a slow network, and half of Node's first retry. */
    private static final Duration REFUSING = Duration.ofMillis(50);

    /** A server that was demoted is left at most so often: there may be no other one yet. */
    private static final Duration LEAVING = Duration.ofSeconds(1);

    private final ValkeyUrl url;
    private final Link link;
    private final Format format;
    private final Failures failures;
    private final Duration wait;
    private final Duration connecting;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Session current;
    private @Nullable CompletableFuture<Session> opening;
    private @Nullable Throwable refusal;
    private long refusedUntil;
    private long leftAt;
    private boolean wasOpen;
    private boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param wait how long one command may take
     */
    Lane(ValkeyUrl url, Link link, Format format, Failures failures, Duration wait) {
        this.url = url;
        this.link = link;
        this.format = format;
        this.failures = failures;
        this.wait = wait;
        this.connecting = Client.connecting(wait);
        this.leftAt = System.nanoTime() - LEAVING.toNanos();
    }

    /**
     * Returns what the work brings, within the time for a connection and the time for a command.
     */
    <T extends @Nullable Object> T call(Function<Session, CompletableFuture<T>> work) {
        Session session = session();
        try {
            return work.apply(session).get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        } catch (ExecutionException | TimeoutException | RuntimeException failure) {
            review(session, failure);
            throw failures.of(failure);
        }
    }

    /** Refuses calls from now on, and gives the session back. */
    @Override
    public void close() {
        Session last;
        lock.lock();
        try {
            closed = true;
            last = current;
            current = null;
        } finally {
            lock.unlock();
        }
        if (last != null) {
            Client.await(last.close());
        }
    }

    private Session session() {
        Session session = current;
        if (session != null && session.isOpen()) {
            return session;
        }
        try {
            return opened().get(patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        } catch (ExecutionException | TimeoutException failure) {
            throw wasOpen() ? failures.of(failure) : failures.ofFirst(failure);
        }
    }

    private CompletableFuture<Session> opened() {
        CompletableFuture<Session> begun = new CompletableFuture<>();
        lock.lock();
        try {
            Session session = current;
            if (closed) {
                throw new StoreException("the store " + url + " is closed");
            }
            if (session != null && session.isOpen()) {
                return CompletableFuture.completedFuture(session);
            }
            if (opening != null) {
                return opening;
            }
            if (refusal != null && System.nanoTime() - refusedUntil < 0) {
                return CompletableFuture.failedFuture(refusal);
            }
            opening = begun;
        } finally {
            lock.unlock();
        }
        open(begun);
        return begun;
    }

    private void open(CompletableFuture<Session> begun) {
        CompletableFuture<Session> unused =
                begun.orTimeout(patience().toNanos(), TimeUnit.NANOSECONDS)
                        .whenComplete(this::settle);
        try {
            CompletableFuture<?> unusedToo =
                    link.connect()
                            .whenComplete((session, failure) -> {
                                if (session == null) {
                                    begun.completeExceptionally(failure);
                                } else {
                                    check(session, begun);
                                }
                            });
        } catch (RuntimeException failure) {
            begun.completeExceptionally(failure);
        }
    }

    /** Whatever becomes of it, a session that nobody gets is closed. */
    private void check(Session session, CompletableFuture<Session> begun) {
        CompletableFuture<Session> unused =
                begun.whenComplete((given, failure) -> {
                    if (failure != null) {
                        forget(session);
                    }
                });
        CompletableFuture<Void> unusedToo =
                format.check(session)
                        .whenComplete((fine, failure) -> {
                            if (failure == null) {
                                begun.complete(session);
                            } else {
                                begun.completeExceptionally(failure);
                            }
                        });
    }

    private void settle(@Nullable Session session, @Nullable Throwable failure) {
        boolean late;
        lock.lock();
        try {
            opening = null;
            late = closed;
            if (session == null) {
                refusal = failure;
                refusedUntil = System.nanoTime() + REFUSING.toNanos();
            } else if (!closed) {
                current = session;
                wasOpen = true;
                refusal = null;
            }
        } finally {
            lock.unlock();
        }
        if (session != null && late) {
            forget(session);
        }
    }

    private void review(Session session, Throwable failure) {
        if (Failures.isDemoted(failure)) {
            leave(session);
        } else if (!Failures.isAnswer(failure) && session.isReplaceable()) {
            drop(session);
        }
    }

    private void leave(Session session) {
        lock.lock();
        try {
            if (System.nanoTime() - leftAt < LEAVING.toNanos()) {
                return;
            }
            leftAt = System.nanoTime();
        } finally {
            lock.unlock();
        }
        if (session.isReplaceable()) {
            drop(session);
        }
    }

    private void drop(Session session) {
        lock.lock();
        try {
            if (session.equals(current)) {
                current = null;
            }
        } finally {
            lock.unlock();
        }
        forget(session);
    }

    private static void forget(Session session) {
        CompletableFuture<Void> unused = session.close();
    }

    private Duration patience() {
        return wasOpen() ? connecting : Client.FIRST;
    }

    private boolean wasOpen() {
        lock.lock();
        try {
            return wasOpen;
        } finally {
            lock.unlock();
        }
    }

    private StoreException interrupted(InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        return new StoreException("interrupted while waiting for the store " + url, interrupt);
    }
}
