package org.evergrant;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Rotation;
import org.evergrant.spi.Step;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the {@link Rotation} for one app in one node. All its state belongs to its mailbox:
 * one thread at a time, no lock.
 *
 * <ol>
 *   <li>A message arrives: an ask, a rejection, the answer to a mint, the news that a watch brings.
 *       The timer only signals, and so does a watch that brings none.
 *   <li>After the messages comes one pass: read the record if it may have changed, write what a
 *       mint brought, take the {@link Step} that is due, answer every waiter it answers.
 *   <li>If a mint is due, the claim is written, the mint is sent, and the pass ends; the answer is
 *       a message again.
 *   <li>A timer is set for the first instant at which another step may be due.
 * </ol>
 */
final class Rotor {
    static final String NOT_YET = "the store has not answered yet";
    private static final System.Logger LOG = System.getLogger("org.evergrant");

    /** An app without a token is in use when somebody asked within this time. */
    private static final Duration JUST_ASKED = Duration.ofSeconds(1);

    private static final Duration FIRST_STORE_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_STORE_RETRY = Duration.ofSeconds(2);

    /**
     * While callers wait and nothing is handed out, the record is not trusted for longer: the watch
     * may have missed what another node wrote.
     */
    private static final Duration TRUSTED = Duration.ofSeconds(1);

    /** Claims lost in a row within one pass before it gives way to others. */
    private static final int MOST_ROUNDS = 32;

    /** Where callers are handed what the rotor has for them. */
    interface Door {
        /** Returns whether somebody asked within this time. */
        boolean isInUse(Duration recently);

        /** Hands out {@code token} from now on, until then. */
        void serve(Token token, Instant until);

        /** Hands out nothing without a wait from now on. */
        void serveNothing();
    }

    /** What a mint brought and when, not yet written into the record. */
    private record Answered(Claim claim, Minter.Answer answer, Instant at, Duration took) {}

    /**
     * A time without the store.
     *
     * @param fault what the store failed with last
     * @param pause how long it is left alone since
     * @param until when that is over, on the monotonic clock
     */
    private record Outage(StoreException fault, Duration pause, long until) {}

    private final NodeParts node;
    private final App app;
    private final SharedRecord shared;
    private final Mailbox mailbox;
    private final Door door;

    private final Leases leases = new Leases();
    private final Waiters waiters;
    private Store.@Nullable Watch watch;
    private volatile boolean changed = true;
    private volatile boolean isServing;

    /**
     * Whether a mint waits for leases. Written before the leases are read, and read after a lease
     * was dropped, so that one of the two sides sees the other.
     */
    private volatile boolean awaitsLeases;

    /** When the record was read last, on the monotonic clock. */
    private long readAt;

    private @Nullable Claim mine;
    private @Nullable Answered answered;
    private volatile @Nullable Outage outage;
    private TimeSource.@Nullable Timer timer;

    /** Completes once all is closed; null until it is to be. */
    private @Nullable CompletableFuture<Void> closing;

    /** Makes one that has not looked at the store yet. */
    Rotor(NodeParts node, App app, Door door) {
        this.node = node;
        this.app = app;
        this.shared = new SharedRecord(app.recordId(), node.store());
        this.mailbox = new Mailbox(node.executor(), this::pass);
        this.door = door;
        this.waiters = new Waiters(node, app);
    }

    /** Returns the record as last seen. */
    AppRecord record() {
        return shared.record();
    }

    /** Has {@code waiter} answered when a token or an error is there for it. */
    void ask(Waiter waiter) {
        Duration wait = Duration.ofNanos(waiter.deadline - waiter.since);
        waiter.dropWhenOver(node.time().after(wait, () -> node.execute(() -> expire(waiter))));
        mailbox.post(() -> waiters.add(waiter));
    }

    /**
     * Has the token that {@code which} picks from the record rejected; completes with whether it
     * was the newest.
     */
    CompletableFuture<Boolean> reject(Predicate<Token> which) {
        CompletableFuture<Boolean> newest = new CompletableFuture<>();
        mailbox.post(() -> attempt(newest, () -> rejected(which)));
        return newest;
    }

    /** Completes with the newest generation, and lets the configured retention hold again. */
    CompletableFuture<Long> trust() {
        CompletableFuture<Long> generation = new CompletableFuture<>();
        mailbox.post(() ->
                attempt(
                        generation,
                        () -> {
                            shared.read();
                            return shared.update(Rotation::trusted).generation();
                        }));
        return generation;
    }

    /** Keeps planned mints from killing the token until it is released. */
    void hold(long generation) {
        leases.hold(generation);
    }

    void release(long generation) {
        if (leases.release(generation) && awaitsLeases) {
            mailbox.signal();
        }
    }

    /** Refuses all waiters; completes once a mint that is under way has been published. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        mailbox.post(() -> closeWith(end));
        return end;
    }

    // ---- everything below runs in the mailbox

    private void pass() {
        try {
            waiters.dropThoseOver();
            Outage last = outage;
            if (closing != null) {
                closeDown(closing);
            } else if (last != null && node.time().nanos() - last.until < 0) {
                turnWithoutStore(last);
            } else {
                refresh();
                writeAnswer();
                storeIsBack();
                turn();
            }
        } catch (StoreException away) {
            storeIsAway(away);
        } catch (EvergrantException fault) {
            refuseAll(fault);
        } catch (RuntimeException | Error bug) {
            LOG.log(System.Logger.Level.ERROR, "app " + app.id() + ": a pass failed", bug);
            refuseAll(new IllegalStateException("app " + app.id() + ": " + bug, bug));
        }
    }

    /** Reads the record when it may have changed and somebody cares. */
    private void refresh() {
        node.clock().refresh();
        if (shared.isAlone()) {
            shared.rejoin(policy(), node.clock().now());
        }
        if (!changed && shared.isKnown() && !isDoubtful()) {
            return;
        }
        changed = false;
        if (isIdle()) {
            shared.forget();
            return;
        }
        if (watch == null) {
            watch = node.store().watch(app.recordId(), new Ear());
        }
        long before = shared.isKnown() ? shared.record().generation() : Long.MAX_VALUE;
        shared.read();
        seeAgain(before);
    }

    /** Takes over what a watch brought, where that will do; else the next pass reads the record. */
    private void hear(Supplier<Store.Versioned> news) {
        if (changed || !shared.isKnown() || isIdle()) {
            changed = true;
            return;
        }
        long before = shared.record().generation();
        try {
            if (shared.hear(news.get())) {
                seeAgain(before);
            } else {
                changed = true;
            }
        } catch (EvergrantException unreadable) {
            LOG.log(System.Logger.Level.DEBUG, "app " + app.id() + ": " + unreadable);
            changed = true;
        }
    }

    /** Tells of the record as it is seen now; its generation was {@code before} until then. */
    private void seeAgain(long before) {
        readAt = node.time().nanos();
        AppRecord record = shared.record();
        if (record.generation() > before) {
            record.newest().ifPresent(token -> node.observer().adopted(app.id(), token));
        }
        node.observer().changed(app.id(), record);
    }

    /**
     * Nobody cares for the record: neither a caller, nor a mint under way, nor a promise to come.
     */
    private boolean isIdle() {
        return waiters.isEmpty() && mine == null && !isWanted();
    }

    private boolean isDoubtful() {
        return !isServing && !waiters.isEmpty() && node.time().nanos() - readAt > TRUSTED.toNanos();
    }

    /** Callers wait, for what this node is not bringing itself. */
    private boolean dependsOnOthers() {
        return !isServing && mine == null && !waiters.isEmpty();
    }

    /** What the watch calls, on a thread of the store's. */
    private final class Ear implements Store.Listener {
        @Override
        public void changed() {
            if (shared.isNews()) {
                changed = true;
                mailbox.signal();
            }
        }

        @Override
        public void changed(Supplier<Store.Versioned> news) {
            if (shared.isNews()) {
                mailbox.post(() -> hear(news));
            }
        }
    }

    /**
     * Takes the step that is due, again after each claim that another node was quicker to write.
     */
    private void turn() {
        if (!shared.isKnown() && waiters.isEmpty()) {
            door.serveNothing();
            return;
        }
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Turn turn = look();
            boolean wanted = turn.isMintAsked() || isWanted();
            boolean mint = wanted && mine == null && turn.mintIndex() != Turn.NO_MINT;
            awaitsLeases = mint;
            Instant leased = mint ? leasedUntil(turn) : null;
            awaitsLeases = leased != null;
            if (!mint || leased != null) {
                if (turn.step() instanceof Step.ServeAndRenew && mine == null && leased == null) {
                    // Nobody asks: the next one who does sets off the renewal.
                    door.serveNothing();
                }
                boolean heeded = wanted || !waiters.isEmpty() || turn.step() instanceof Step.Serve;
                setTimer(leased != null ? leased : heeded ? turn.wake() : null);
                return;
            }
            if (claim(turn.mintIndex())) {
                look();
                return;
            }
        }
        mailbox.signal();
    }

    /** Looks at the record once: hands out what it allows and answers whom it answers. */
    private Turn look() {
        boolean hurried = mine == null && !waiters.isEmpty();
        Turn turn = new Turn(shared.record(), policy(), node.clock().now(), hurried);
        handOut(turn.step());
        waiters.answer(turn);
        return turn;
    }

    private void handOut(Step step) {
        isServing = step instanceof Step.Serve || step instanceof Step.ServeAndRenew;
        if (step instanceof Step.Serve due) {
            door.serve(due.token(), due.until());
        } else if (step instanceof Step.ServeAndRenew due) {
            door.serve(due.token(), due.until());
        } else {
            door.serveNothing();
        }
    }

    /**
     * Writes the claim and sends the mint, if it surely is time; says no when another node was
     * quicker.
     */
    private boolean claim(int index) {
        if (!shared.isAlone()) {
            node.clock().readAgain();
        }
        AppRecord record = shared.record();
        // The new token's life counts from here, so this must not be later than the mint.
        Instant now = node.clock().surely();
        Instant from = Rotation.mintFrom(record, policy(), now);
        if (from.isAfter(now)) {
            // Due by the clock, but not surely so.
            setTimer(Duration.between(now, from));
            return true;
        }
        Claim claim = Rotation.claim(record, policy(), node.id(), index, now);
        if (!shared.claim(Rotation.claimed(record, policy(), claim), claim)) {
            return false;
        }
        if (sending().isAfter(policy().sendBy(claim))) {
            // Too long since the claim, or perhaps so: a mint sent now could outlive it.
            mailbox.signal();
            shared.update(found -> Rotation.released(found, claim));
            return true;
        }
        mine = claim;
        long sent = node.time().nanos();
        CompletableFuture<Void> unused =
                mint(index)
                        .thenAccept(answer -> {
                            Duration took = Duration.ofNanos(node.time().nanos() - sent);
                            // The provider may have counted the mint as late as that.
                            Instant at = node.clock().atLatest();
                            mailbox.post(() -> answered = new Answered(claim, answer, at, took));
                        });
        return true;
    }

    /**
     * Returns what the time of sending is taken for: the latest that it can be on the store's
     * clock. Nobody else goes by the claim of a node that is alone, so there the earliest will do:
     * the longer it is alone the less it knows of that clock, and it would never mint again.
     */
    private Instant sending() {
        return shared.isAlone() ? node.clock().surely() : node.clock().atLatest();
    }

    /** A minter that breaks its word leaves a doubt, not a stuck app. */
    private CompletableFuture<Minter.Answer> mint(int index) {
        try {
            return node.minter().mint(app, index).exceptionally(Rotor::doubt);
        } catch (RuntimeException | Error bug) {
            return CompletableFuture.completedFuture(doubt(bug));
        }
    }

    private static Minter.Answer doubt(Throwable bug) {
        LOG.log(System.Logger.Level.ERROR, "a minter failed", bug);
        return new Minter.Doubtful(
                "the minter failed: " + bug.getClass().getSimpleName(), Optional.empty());
    }

    /** Writes what a mint brought; throws, and is called again, while the store is away. */
    private void writeAnswer() {
        Answered open = answered;
        if (open == null) {
            return;
        }
        Instant now = open.at();
        Claim claim = open.claim();
        AppRecord written =
                shared.update(record -> {
                    Minter.Answer answer = open.answer();
                    if (answer instanceof Minter.Minted minted) {
                        return Rotation.published(record, policy(), claim, minted, now);
                    }
                    if (answer instanceof Minter.NotMinted refused) {
                        return Rotation.failed(record, policy(), claim, refused, now);
                    }
                    Minter.Doubtful doubtful = (Minter.Doubtful) answer;
                    return Rotation.doubted(record, policy(), claim, doubtful, now);
                });
        answered = null;
        mine = null;
        tell(open, written);
    }

    private void tell(Answered done, AppRecord written) {
        Trouble trouble = written.trouble();
        if (done.answer() instanceof Minter.Minted) {
            written.newest()
                    .ifPresent(token -> node.observer().minted(app.id(), token, done.took()));
        } else if (trouble != null) {
            node.observer().notMinted(app.id(), trouble, done.took());
        }
        node.observer().changed(app.id(), written);
    }

    private boolean rejected(Predicate<Token> which) {
        if (!shared.isKnown() || shared.record().tokens().stream().noneMatch(which)) {
            shared.read();
        }
        Instant now = node.clock().now();
        Optional<Token> token = shared.record().tokens().stream().filter(which).findFirst();
        if (token.isEmpty()) {
            return false;
        }
        long generation = token.get().generation();
        AppRecord written =
                shared.update(record -> Rotation.rejected(record, policy(), generation, now));
        // Before the caller is told, or its next ask would still get the token it rejected.
        handOut(Rotation.next(written, policy(), now));
        boolean newest =
                written.newest()
                        .filter(last -> last.generation() == generation)
                        .filter(last -> last.standing() == Token.Standing.REJECTED)
                        .isPresent();
        node.observer().rejected(app.id(), generation, newest);
        node.observer().changed(app.id(), written);
        return newest;
    }

    /** Returns until when the mint waits for leases of tokens it would kill, if it does. */
    private @Nullable Instant leasedUntil(Turn turn) {
        Instant now = turn.now();
        return Rotation.displacedBy(shared.record(), policy(), turn.mintIndex(), now).stream()
                .filter(token -> token.isUsable(now) && leases.isHeld(token.generation()))
                .map(Token::expiresAt)
                .max(Instant::compareTo)
                .orElse(null);
    }

    /** Made when it is needed: an app has few passes, and a node may have many apps. */
    private Policy policy() {
        return Policy.of(app);
    }

    private boolean isWanted() {
        Duration recently =
                shared.record().newest().map(token -> token.life().dividedBy(2)).orElse(JUST_ASKED);
        return app.keepWarm() || door.isInUse(recently);
    }

    private void storeIsBack() {
        if (outage != null) {
            outage = null;
            node.observer().store(true);
        }
    }

    private void storeIsAway(StoreException away) {
        Outage last = outage;
        Duration pause = last == null ? FIRST_STORE_RETRY : last.pause.multipliedBy(2);
        if (pause.compareTo(LONGEST_STORE_RETRY) > 0) {
            pause = LONGEST_STORE_RETRY;
        }
        Outage now = new Outage(away, pause, node.time().nanos() + pause.toNanos());
        outage = now;
        changed = true;
        if (last == null) {
            node.observer().store(false);
        }
        if (closing != null) {
            setTimer(left(now));
        } else {
            turnWithoutStore(now);
        }
    }

    /**
     * The store is away: what is promised is handed out from memory. Past that a node mints alone
     * where a mint kills nothing, or where it was told to; elsewhere callers wait for the store.
     */
    private void turnWithoutStore(Outage now) {
        try {
            if (app.mintAlone() || policy().rules(shared.record()).killsNothing()) {
                shared.goAlone();
                writeAnswer();
                turn();
            } else if (shared.isKnown()) {
                look();
            }
        } catch (StoreException stillAway) {
            LOG.log(System.Logger.Level.DEBUG, () -> "app " + app.id() + ": " + stillAway);
        }
        if (!waiters.isEmpty() || isWanted() || answered != null) {
            // Not by the store's clock: it may never have been read.
            setTimer(left(now));
        }
    }

    private Duration left(Outage now) {
        return Duration.ofNanos(now.until - node.time().nanos());
    }

    /** Beside the mailbox, which may be waiting for the store for longer than the caller can. */
    private void expire(Waiter waiter) {
        Outage now = outage;
        StoreException fault = now == null ? null : now.fault;
        if (!node.clock().isKnown()) {
            // The caller cannot wait for the store to say what time it is.
            waiters.fail(waiter, fault != null ? fault : new StoreException(NOT_YET));
            return;
        }
        AppRecord record = shared.record();
        Turn turn = new Turn(record, policy(), node.clock().now(), false);
        waiters.giveUp(waiter, turn, record.trouble(), fault);
    }

    private void refuseAll(RuntimeException reason) {
        door.serveNothing();
        waiters.failAll(reason);
    }

    private void closeWith(CompletableFuture<Void> end) {
        if (closing == null) {
            closing = end;
        } else {
            CompletableFuture<Void> unused = closing.thenAccept(end::complete);
        }
    }

    private void closeDown(CompletableFuture<Void> end) {
        refuseAll(new IllegalStateException("the node is closed"));
        if (mine != null && answered != null) {
            writeAnswer();
        }
        if (mine == null) {
            if (watch != null) {
                watch.close();
                watch = null;
            }
            if (timer != null) {
                timer.cancel();
            }
            end.complete(null);
        }
    }

    private void setTimer(@Nullable Instant wake) {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (wake != null) {
            Duration delay = Duration.between(node.clock().now(), wake);
            boolean late = dependsOnOthers() && delay.compareTo(TRUSTED) > 0;
            setTimer(late ? TRUSTED : delay);
        }
    }

    private void setTimer(Duration delay) {
        if (timer != null) {
            timer.cancel();
        }
        timer = node.time().after(delay.isNegative() ? Duration.ZERO : delay, this::lookAgain);
    }

    /** While nothing is handed out, another node may have moved on without the watch saying so. */
    private void lookAgain() {
        if (!isServing) {
            changed = true;
        }
        mailbox.signal();
    }

    private static <T> void attempt(CompletableFuture<T> result, Supplier<T> work) {
        try {
            result.complete(work.get());
        } catch (RuntimeException failure) {
            result.completeExceptionally(failure);
        }
    }
}
