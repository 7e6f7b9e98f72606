package org.evergrant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Ask;
import org.evergrant.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one app in one node. A token in its promise costs one volatile read and one clock
 * read; everything else is the {@link Rotor}'s.
 */
final class Keeper implements TokenSource, Rotor.Door {
    /** A hit is looked at this many times in a token's life, to know whether the app is in use. */
    private static final int LOOKS_PER_LIFE = 16;

    private static final VarHandle HIT;

    static {
        try {
            HIT = MethodHandles.lookup().findVarHandle(Keeper.class, "hit", Hit.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /**
     * What is handed out without a wait.
     *
     * @param token the token
     * @param until when to go off the hit path once, on the monotonic clock
     * @param end when the token is no longer to be handed out, on the same clock
     */
    private record Hit(@Nullable Token token, long until, long end) {
        private static final Hit NONE = new Hit(null, 0, 0);
    }

    private final NodeParts node;
    private final App app;
    private final Duration wait;
    private final TimeSource time;
    private final Rotor rotor;
    private volatile Hit hit = Hit.NONE;
    private volatile long lastAsked;
    private volatile boolean closed;

    Keeper(NodeParts node, App app, Duration wait) {
        this.node = node;
        this.app = app;
        this.wait = wait;
        this.time = node.time();
        this.lastAsked = time.nanos();
        this.rotor = new Rotor(node, app, this);
    }

    @Override
    public App app() {
        return app;
    }

    @Override
    public Token get() {
        Hit seen = hit;
        Token token = seen.token;
        return token != null && time.nanos() - seen.until < 0 ? token : join(ask(Ask.ANY, wait));
    }

    @Override
    public Token get(Duration minLife, Duration wait) {
        return join(ask(Ask.minLife(minLife), wait));
    }

    @Override
    public CompletableFuture<Token> getAsync() {
        return outside(ask(Ask.ANY, wait));
    }

    @Override
    public CompletableFuture<Token> getAsync(Duration minLife, Duration wait) {
        return outside(ask(Ask.minLife(minLife), wait));
    }

    @Override
    public Lease lease() {
        Lease ready = readyLease();
        return ready != null ? ready : join(waitForLease(wait));
    }

    @Override
    public CompletableFuture<Lease> leaseAsync(Duration wait) {
        Lease ready = readyLease();
        return ready != null ? CompletableFuture.completedFuture(ready) : waitForLease(wait);
    }

    @Override
    public boolean reject(Token token) {
        long generation = token.generation();
        touch();
        return join(rotor.reject(known -> known.generation() == generation));
    }

    @Override
    public CompletableFuture<Boolean> rejectAsync(String accessToken) {
        Secret value = Secret.of(accessToken);
        touch();
        return outside(
                rotor.reject(known -> !known.value().isEmpty() && known.value().equals(value)));
    }

    @Override
    public CompletableFuture<Token> renewAsync(Duration wait) {
        touch();
        long asked = time.nanos();
        CompletableFuture<Long> trusted = rotor.trust();
        TimeSource.Timer timer =
                time.after(
                        wait,
                        () ->
                                node.execute(() ->
                                        trusted.completeExceptionally(
                                                new StoreException(Rotor.NOT_YET))));
        CompletableFuture<Long> unused = trusted.whenComplete((newest, failure) -> timer.cancel());
        return outside(
                trusted.thenCompose(newest ->
                        ask(Ask.newerThan(newest), wait.minusNanos(time.nanos() - asked))));
    }

    @Override
    public Duration lifeLeft(Token token) {
        Instant now = now();
        return token.isPromised(now) || isServed(token) ? token.lifeLeft(now) : Duration.ZERO;
    }

    /** Past its promise a token may have been killed, unless it is still what is handed out. */
    private boolean isServed(Token token) {
        Hit seen = hit;
        return token.equals(seen.token) && time.nanos() - seen.end < 0;
    }

    @Override
    public Instant now() {
        return node.clock().now();
    }

    @Override
    public AppRecord record() {
        return rotor.record();
    }

    /** Refuses asks from now on; completes once a mint that is under way has been published. */
    CompletableFuture<Void> close() {
        closed = true;
        hit = Hit.NONE;
        return rotor.close();
    }

    private CompletableFuture<Token> ask(Ask ask, Duration wait) {
        Token ready = ready(ask);
        if (ready != null) {
            return CompletableFuture.completedFuture(ready);
        }
        if (closed) {
            return CompletableFuture.failedFuture(closed());
        }
        Waiter waiter = waiter(ask, wait);
        rotor.ask(waiter);
        return waiter.future;
    }

    private Waiter waiter(Ask ask, Duration wait) {
        long now = time.nanos();
        return new Waiter(ask, now, now + Math.max(0, wait.toNanos()));
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the node is closed");
    }

    /**
     * Returns a lease of the token on the hit path, if there is one. The token is held first and
     * looked for again then: the rotor takes it off the hit path before it looks for leases, so one
     * of the two sees the other, however long this thread was stalled in between.
     */
    private @Nullable Lease readyLease() {
        Token token = ready(Ask.ANY);
        if (token == null) {
            return null;
        }
        Lease lease = hold(token);
        Token still = hit.token;
        if (still != null && still.generation() == token.generation()) {
            return lease;
        }
        lease.close();
        return null;
    }

    /** The token is held where the waiter is answered, so before any mint that could kill it. */
    private CompletableFuture<Lease> waitForLease(Duration wait) {
        if (closed) {
            return CompletableFuture.failedFuture(closed());
        }
        CompletableFuture<Lease> given = new CompletableFuture<>();
        Waiter waiter = waiter(Ask.ANY, wait);
        CompletableFuture<Token> unused =
                waiter.future.whenComplete((token, failure) -> {
                    Lease lease = token == null ? null : hold(token);
                    node.execute(() -> {
                        if (lease == null) {
                            given.completeExceptionally(failure);
                        } else if (!given.complete(lease)) {
                            lease.close();
                        }
                    });
                });
        CompletableFuture<Lease> unusedToo =
                given.whenComplete((lease, failure) -> waiter.future.cancel(false));
        touch();
        rotor.ask(waiter);
        return given;
    }

    private Lease hold(Token token) {
        rotor.hold(token.generation());
        return new HeldLease(this, token);
    }

    /**
     * Returns the same as {@code inside}, but what the caller hangs on to it runs on the executor:
     * it may block or ask again, and the mailbox must not wait for it. Cancelling it cancels {@code
     * inside}.
     */
    private <T> CompletableFuture<T> outside(CompletableFuture<T> inside) {
        if (inside.isDone()) {
            return inside;
        }
        CompletableFuture<T> given = new CompletableFuture<>();
        CompletableFuture<T> unused =
                inside.whenComplete(
                        (value, failure) -> node.execute(() -> pass(value, failure, given)));
        CompletableFuture<T> unusedToo =
                given.whenComplete((value, failure) -> inside.cancel(false));
        return given;
    }

    private static <T> void pass(T value, @Nullable Throwable failure, CompletableFuture<T> to) {
        if (failure == null) {
            to.complete(value);
        } else {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            to.completeExceptionally(cause == null ? failure : cause);
        }
    }

    /** Returns the token on the hit path if it will do, and notes that somebody asked. */
    private @Nullable Token ready(Ask ask) {
        Hit seen = hit;
        Token token = seen.token;
        long now = time.nanos();
        if (token != null && now - seen.until < 0 && ask.equals(Ask.ANY)) {
            return token;
        }
        touch();
        if (token == null || now - seen.end >= 0 || token.generation() <= ask.newerThan()) {
            return null;
        }
        if (!ask.minLife().isZero() && lifeLeft(token).compareTo(ask.minLife()) < 0) {
            return null;
        }
        HIT.compareAndSet(this, seen, hit(token, now, seen.end));
        return token;
    }

    private void touch() {
        lastAsked = time.nanos();
    }

    @Override
    public boolean isInUse(Duration recently) {
        return time.nanos() - lastAsked < recently.toNanos();
    }

    @Override
    public void serve(Token token, Instant until) {
        long now = time.nanos();
        long end = now + SharedClock.counted(Duration.between(now(), until));
        // A message can come after the closing, like a late report of an older token.
        hit = closed ? Hit.NONE : hit(token, now, end);
    }

    @Override
    public void serveNothing() {
        hit = Hit.NONE;
    }

    private static Hit hit(Token token, long now, long end) {
        long look = now + token.life().toNanos() / LOOKS_PER_LIFE;
        return new Hit(token, look - end < 0 ? look : end, end);
    }

    private <T> T join(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw unwrapped(failure.getCause());
        } catch (InterruptedException interrupted) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new TryLaterException(
                    "app " + app.id() + ": interrupted while waiting for a token",
                    now(),
                    Duration.ZERO);
        }
    }

    private static RuntimeException unwrapped(@Nullable Throwable failure) {
        if (failure instanceof RuntimeException known) {
            return known;
        }
        return new IllegalStateException(failure);
    }

    /** A token held for one call. */
    private static final class HeldLease implements Lease {
        private final Keeper keeper;
        private final Token token;
        private final AtomicBoolean open = new AtomicBoolean(true);

        HeldLease(Keeper keeper, Token token) {
            this.keeper = keeper;
            this.token = token;
        }

        @Override
        public Token token() {
            return token;
        }

        @Override
        public boolean reject() {
            return keeper.reject(token);
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                keeper.rotor.release(token.generation());
            }
        }
    }
}
