package org.evergrant.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.evergrant.App;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Relocation;
import org.evergrant.spi.Store;

/**
 * Carries records from one store to another, app by app.
 *
 * <ol>
 *   <li>First everything is looked at, and nothing begun where a record is in the way.
 *   <li>A mint under way is waited for. Then the record is marked in the old store by
 *       compare-and-set, so that nobody mints there any more, and written to the new one.
 *   <li>Where that surely failed, the mark is taken away again.
 * </ol>
 */
final class StoreMove {
    private static final Duration LOOK = Duration.ofMillis(50);

    /** A claim lives for a mint's deadline, at most two minutes, the settle and two seconds. */
    private static final Duration LONGEST_MINT = Duration.ofMinutes(5);

    /** So many in a row mean that something is wrong. */
    private static final int MOST_CONFLICTS = 64;

    private final Store source;
    private final String sourceName;
    private final Store target;
    private final String targetName;

    /** Names say where a store is, without a secret. */
    StoreMove(Store source, String sourceName, Store target, String targetName) {
        this.source = source;
        this.sourceName = sourceName;
        this.target = target;
        this.targetName = targetName;
    }

    /** Moves the records of {@code apps}, and tells of each. */
    void run(List<App> apps, Consumer<String> told) {
        List<String> faults = new ArrayList<>();
        for (App app : apps) {
            AppRecord there = target.read(app.recordId()).record();
            AppRecord here = source.read(app.recordId()).record();
            String elsewhere = Relocation.target(here).orElse(targetName);
            if (!elsewhere.equals(targetName)) {
                faults.add("app " + app.id() + " was moved to " + elsewhere);
            } else if (!isFree(there) && !isDone(here)) {
                faults.add("app " + app.id() + " has a record in " + targetName);
            }
        }
        if (!faults.isEmpty()) {
            throw new MisconfiguredException(
                    "nothing was moved: "
                            + String.join("; ", faults)
                            + " (expected: a store that is empty, or that was moved from)");
        }
        for (App app : apps) {
            told.accept("app " + app.id() + ": " + move(app));
        }
    }

    /** Whether a record may be overwritten: there is none, or it was moved here from there. */
    private boolean isFree(AppRecord there) {
        return Relocation.isEmpty(there)
                || Relocation.target(there).filter(sourceName::equals).isPresent();
    }

    private boolean isDone(AppRecord here) {
        return Relocation.target(here).filter(targetName::equals).isPresent();
    }

    private String move(App app) {
        Policy policy = Policy.of(app);
        Store.Versioned there = target.read(app.recordId());
        Store.Versioned here = marked(app, policy);
        if (!isFree(there.record())) {
            return "moved before";
        }
        AppRecord before = here.record();
        AppRecord moved =
                Relocation.isEmpty(before) || before.generation() < there.record().generation()
                        ? Relocation.unmarked(there.record())
                        : Relocation.moved(before, policy, source.now(), ahead());
        if (!written(app, there.version(), moved)) {
            unmark(app);
            throw new MisconfiguredException(
                    "app "
                            + app.id()
                            + " was not moved: somebody else uses its record in "
                            + targetName);
        }
        return moved.usable(target.now()).map(StoreMove::promise).orElse("moved, without a token");
    }

    private static String promise(Token token) {
        return "moved: generation "
                + token.generation()
                + ", promised until "
                + Shown.instant(token.promisedUntil());
    }

    /** Marks the record in the old store; returns it as it was before, with its version now. */
    private Store.Versioned marked(App app, Policy policy) {
        long deadline = System.nanoTime() + LONGEST_MINT.toNanos();
        for (int conflicts = 0; conflicts < MOST_CONFLICTS; ) {
            Store.Versioned here = source.read(app.recordId());
            Instant now = source.now();
            if (isDone(here.record())) {
                return here;
            }
            if (Relocation.mintingUntil(here.record(), now).isPresent()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new StoreException("app " + app.id() + ": its mint does not end");
                }
                LockSupport.parkNanos(LOOK.toNanos());
                continue;
            }
            AppRecord marked = Relocation.marked(here.record(), policy, targetName, now);
            if (source.cas(app.recordId(), here.version(), marked)) {
                return new Store.Versioned(here.version() + 1, here.record());
            }
            conflicts++;
        }
        throw new StoreException("app " + app.id() + ": its record changes all the time");
    }

    /** Writes to the new store; where the answer is lost the record itself is asked. */
    private boolean written(App app, long version, AppRecord moved) {
        try {
            return target.cas(app.recordId(), version, moved);
        } catch (StoreException answerLost) {
            try {
                Store.Versioned now = target.read(app.recordId());
                if (now.version() > version) {
                    return now.record().equals(moved);
                }
            } catch (StoreException away) {
                throw new StoreException(
                        "nobody knows whether app "
                                + app.id()
                                + " was moved; run the same command again: "
                                + away.getMessage(),
                        away);
            }
            unmark(app);
            throw answerLost;
        }
    }

    private void unmark(App app) {
        for (int conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
            Store.Versioned here = source.read(app.recordId());
            AppRecord open = Relocation.unmarked(here.record());
            if (open.equals(here.record()) || source.cas(app.recordId(), here.version(), open)) {
                return;
            }
        }
    }

    /** Returns how far the new store's clock is ahead of the old one's. */
    private Duration ahead() {
        Instant before = source.now();
        Instant there = target.now();
        Instant after = source.now();
        return Duration.between(before.plus(Duration.between(before, after).dividedBy(2)), there);
    }
}
