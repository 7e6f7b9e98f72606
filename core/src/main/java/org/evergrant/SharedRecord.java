package org.evergrant;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Rotation;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;

/**
 * One app's record as this node last saw it, and the ways to change it. Used by one thread at a
 * time, except {@link #record}.
 *
 * <p>While the store is away a node that may mint alone changes only its own copy; {@link #rejoin}
 * brings the tokens it minted meanwhile back into the shared record.
 */
final class SharedRecord {
    private static final System.Logger LOG = System.getLogger("org.evergrant");

    /**
     * A conflict means that another node moved on, so this many in a row mean that something is
     * wrong.
     */
    private static final int MOST_CONFLICTS = 64;

    private final AppId app;
    private final Store store;
    private volatile Store.@Nullable Versioned seen;
    private @Nullable List<Token> mintedAlone;

    /** The record as it was last seen before this node went alone. */
    private Store.@Nullable Versioned left;

    /** What the store acknowledged and has no more; null when it kept its word. */
    private @Nullable AppRecord lost;

    /** Who writes now; for {@link #isNews}, as is how often the watch called on that thread. */
    private volatile @Nullable Thread writer;

    private int echoes;

    SharedRecord(AppId app, Store store) {
        this.app = app;
        this.store = store;
    }

    /** Returns whether the record was read and not forgotten since. */
    boolean isKnown() {
        return seen != null;
    }

    /** Returns the record as last seen; {@link AppRecord#EMPTY} when it is not known. */
    AppRecord record() {
        Store.Versioned last = seen;
        return last == null ? AppRecord.EMPTY : last.record();
    }

    boolean isAlone() {
        return mintedAlone != null;
    }

    /**
     * Reads the record. Where the store has gone back, as a failover may that lost the last writes,
     * what this node saw is written again: promises were made by it.
     */
    void read() {
        if (isAlone()) {
            return;
        }
        take(store.read(app), seen);
        putBackWhatWasLost();
    }

    /**
     * Takes over what a watch says was written, without a call of the store. Says no where that is
     * not surely further than what this node has seen: then the record is to be read.
     */
    boolean hear(Store.Versioned news) {
        Store.Versioned last = seen;
        if (last == null
                || isAlone()
                || news.version() <= last.version()
                || hasGoneBack(last, news)) {
            return news.equals(last);
        }
        seen = news;
        return true;
    }

    void forget() {
        if (!isAlone()) {
            seen = null;
            lost = null;
        }
    }

    /** From now on only this node's copy changes. */
    void goAlone() {
        if (!isAlone()) {
            mintedAlone = new ArrayList<>();
            left = seen;
            seen = seen == null ? new Store.Versioned(0, AppRecord.EMPTY) : seen;
        }
    }

    /** Reads the shared record again and writes the tokens minted alone into it. */
    void rejoin(Policy policy, Instant now) {
        List<Token> minted = mintedAlone;
        if (minted == null) {
            return;
        }
        AppRecord own = record();
        Store.Versioned shared = store.read(app);
        take(shared, left);
        mintedAlone = null;
        try {
            putBackWhatWasLost();
            for (Token token : minted) {
                // One step, so that no other node hands out what was reported here.
                update(record -> {
                    AppRecord adopted = Rotation.adopted(record, token, now);
                    return isRejected(own, token) ? rejected(adopted, policy, token, now) : adopted;
                });
            }
            for (Token token : own.tokens()) {
                if (token.standing() == Token.Standing.REJECTED) {
                    update(record -> rejected(record, policy, token, now));
                }
            }
        } catch (StoreException awayAgain) {
            mintedAlone = minted;
            seen = new Store.Versioned(shared.version(), own);
            throw awayAgain;
        }
    }

    /** A report that only this node took, because the store was away. */
    private static AppRecord rejected(AppRecord record, Policy policy, Token token, Instant now) {
        return record.tokens().stream()
                .filter(shared -> shared.value().equals(token.value()))
                .findFirst()
                .map(shared -> Rotation.rejected(record, policy, shared.generation(), now))
                .orElse(record);
    }

    private static boolean isRejected(AppRecord own, Token minted) {
        return own.tokens().stream()
                .filter(token -> token.generation() == minted.generation())
                .anyMatch(token -> token.standing() == Token.Standing.REJECTED);
    }

    /**
     * Writes {@code claimed} over the record as last seen, and says whether it did. A
     * compare-and-set whose answer is lost is looked up: a claim is nobody else's.
     */
    boolean claim(AppRecord claimed, Claim claim) {
        Store.Versioned last = known();
        if (isAlone()) {
            seen = new Store.Versioned(last.version(), claimed);
            return true;
        }
        boolean written;
        try {
            written = cas(last.version(), claimed);
        } catch (StoreException answerLost) {
            read();
            Claim found = record().claim();
            return found != null && found.isSame(claim);
        }
        if (written) {
            seen = new Store.Versioned(last.version() + 1, claimed);
        } else {
            read();
        }
        return written;
    }

    /**
     * Changes the record by compare-and-set until it holds, reading again after each conflict, and
     * returns the record written; the record as it is when {@code change} leaves it.
     */
    AppRecord update(UnaryOperator<AppRecord> change) {
        for (int conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
            Store.Versioned last = known();
            AppRecord changed = change.apply(last.record());
            if (changed.equals(last.record())) {
                return changed;
            }
            if (isAlone()) {
                note(last.record(), changed);
                seen = new Store.Versioned(last.version(), changed);
                return changed;
            }
            if (cas(last.version(), changed)) {
                seen = new Store.Versioned(last.version() + 1, changed);
                return changed;
            }
            read();
        }
        throw conflicts();
    }

    private void take(Store.Versioned fresh, Store.@Nullable Versioned last) {
        seen = fresh;
        if (last != null && hasGoneBack(last, fresh)) {
            lost = last.record();
        }
    }

    private void putBackWhatWasLost() {
        AppRecord before = lost;
        if (before != null) {
            putBack(before);
            lost = null;
        }
    }

    private static boolean hasGoneBack(Store.Versioned last, Store.Versioned fresh) {
        return fresh.version() < last.version()
                || fresh.record().generation() < last.record().generation();
    }

    private void putBack(AppRecord before) {
        LOG.log(
                Level.WARNING,
                () -> "app " + app + ": the store lost what it had acknowledged; writing it again");
        for (int conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
            Store.Versioned last = known();
            AppRecord recalled = Rotation.recalled(last.record(), before);
            if (recalled.equals(last.record())) {
                return;
            }
            if (cas(last.version(), recalled)) {
                seen = new Store.Versioned(last.version() + 1, recalled);
                return;
            }
            seen = store.read(app);
        }
        throw conflicts();
    }

    private StoreException conflicts() {
        return new StoreException(
                "the record of app "
                        + app
                        + " changed "
                        + MOST_CONFLICTS
                        + " times under one update");
    }

    /**
     * Returns whether the watch that calls may know of more than this node's own write. A store
     * tells the watches of its own process before {@link Store#cas} returns: the first call on the
     * writing thread is the echo, and any other is somebody else, who wrote on the same thread.
     */
    boolean isNews() {
        return !Thread.currentThread().equals(writer) || ++echoes > 1;
    }

    private boolean cas(long version, AppRecord record) {
        echoes = 0;
        writer = Thread.currentThread();
        try {
            return store.cas(app, version, record);
        } finally {
            writer = null;
        }
    }

    private void note(AppRecord before, AppRecord after) {
        List<Token> minted = mintedAlone;
        if (minted != null && after.generation() > before.generation()) {
            after.newest().ifPresent(minted::add);
        }
    }

    private Store.Versioned known() {
        Store.Versioned last = seen;
        if (last == null) {
            last = store.read(app);
            seen = last;
        }
        return last;
    }
}
