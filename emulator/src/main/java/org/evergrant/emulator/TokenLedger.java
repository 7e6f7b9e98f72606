package org.evergrant.emulator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one app, and the rules that say which of them a mint kills.
 *
 * <p>Everything here is a function of what was called and of the instants that were passed in: no
 * clock, no thread, no HTTP. One lock, held for microseconds, orders the mints of an app; asking
 * for a token's verdict takes none.
 */
final class TokenLedger {
    /** Dead tokens of an app that can still be told from unknown ones. */
    static final int REMEMBERED_DEAD = 50_000;

    /** And how many where the registry is crowded. */
    private static final int REMEMBERED_IN_A_CROWD = 1000;

    /** Up to this many, every mint clears all dead ones out; beyond, now and then. */
    private static final int SMALL = 64;

    /** A mint: the token, its text, and whether it is a new one. */
    record Mint(IssuedToken token, String text, boolean fresh) {}

    /** The live tokens as they stood: their number, and the newest of them, oldest first. */
    record Live(int total, List<IssuedToken> newest) {}

    private final TokenRegistry registry;

    /** In the order of their mints. Some may have run out since: see {@link #bury}. */
    private final Deque<IssuedToken> live = new ArrayDeque<>();

    private final Deque<IssuedToken> dead = new ArrayDeque<>();
    private final Deque<MintRecord> log = new ArrayDeque<>();
    private int nextSweep = SMALL;
    private long minted;
    private @Nullable String newestText;

    TokenLedger(TokenRegistry registry) {
        this.registry = registry;
    }

    /**
     * Mints at an index under the app's retention.
     *
     * @return nothing if there is no room for another token
     */
    synchronized @Nullable Mint mint(
            ProviderApp app, AppSettings settings, int index, MintRecord.By by, Instant now) {
        Retention retention = settings.retention();
        IssuedToken newest = live.peekLast();
        if (retention.rule() == Retention.Rule.STICKY
                && newest != null
                && newestText != null
                && newest.isLive(now)
                && now.isBefore(newest.expiresAt().minus(retention.span()))) {
            log(newest, by, now);
            return new Mint(newest, newestText, false);
        }

        displace(retention, index, now);
        bury(now);
        if (registry.isFull()) {
            return null;
        }
        Instant expiresAt = now.plus(settings.lifetime());
        String text = TokenText.write(settings, index, now, expiresAt);
        IssuedToken token = new IssuedToken(app, ++minted, index, now, expiresAt, text);
        registry.put(token);
        live.addLast(token);
        newestText = text;
        log(token, by, now);
        return new Mint(token, text, true);
    }

    private void log(IssuedToken token, MintRecord.By by, Instant now) {
        if (log.size() == Provider.LOGGED_MINTS) {
            log.removeFirst();
        }
        log.addLast(
                new MintRecord(
                        now,
                        token.app().clientId(),
                        token.index(),
                        by,
                        token.number(),
                        token.expiresAt()));
    }

    synchronized List<MintRecord> log() {
        return List.copyOf(log);
    }

    /** How many tokens were minted, a sticky one once. */
    synchronized long minted() {
        return minted;
    }

    /** The table of retentions: what a mint at this index does to the tokens there are. */
    private void displace(Retention retention, int index, Instant now) {
        switch (retention.rule()) {
            case NEWEST_ONLY -> live.forEach(token -> token.endAt(now, Verdict.DISPLACED));
            case INDEXED -> {
                for (IssuedToken token : live) {
                    if (token.index() == index) {
                        token.endAt(now, Verdict.DISPLACED);
                    }
                }
            }
            case NEWEST -> displaceAllBut(retention.count() - 1, now);
            case GRACE -> {
                // The ones displaced before were given their end then; they all come first.
                Instant end = now.plus(retention.span());
                Iterator<IssuedToken> newestFirst = live.descendingIterator();
                while (newestFirst.hasNext()) {
                    IssuedToken token = newestFirst.next();
                    if (token.isDisplaced()) {
                        break;
                    }
                    token.endAt(end, Verdict.DISPLACED);
                }
            }
            case KEEP_ALL, STICKY -> {}
        }
    }

    private void displaceAllBut(int newest, Instant now) {
        int kept = 0;
        Iterator<IssuedToken> newestFirst = live.descendingIterator();
        while (newestFirst.hasNext()) {
            IssuedToken token = newestFirst.next();
            if (token.isLive(now) && ++kept > newest) {
                token.endAt(now, Verdict.DISPLACED);
            }
        }
    }

    /** Kills the tokens at indexes that a lowered tolerance no longer allows. */
    synchronized void confineTo(int indexes, Instant now) {
        for (IssuedToken token : live) {
            if (token.index() >= indexes) {
                token.endAt(now, Verdict.DISPLACED);
            }
        }
        bury(now);
    }

    synchronized boolean revoke(IssuedToken token, Instant now) {
        boolean wasLive = token.endAt(now, Verdict.REVOKED);
        bury(now);
        return wasLive;
    }

    synchronized void revokeAll(Instant now) {
        live.forEach(token -> token.endAt(now, Verdict.REVOKED));
        bury(now);
    }

    synchronized void forgetAll() {
        live.forEach(registry::forget);
        dead.forEach(registry::forget);
        live.clear();
        dead.clear();
        log.clear();
        nextSweep = SMALL;
        minted = 0;
        newestText = null;
    }

    /** How many tokens live, and the newest {@code limit} of them. */
    synchronized Live live(int limit, Instant now) {
        int total = 0;
        List<IssuedToken> newest = new ArrayList<>();
        Iterator<IssuedToken> newestFirst = live.descendingIterator();
        while (newestFirst.hasNext()) {
            IssuedToken token = newestFirst.next();
            if (token.isLive(now) && ++total <= limit) {
                newest.add(token);
            }
        }
        Collections.reverse(newest);
        return new Live(total, newest);
    }

    /**
     * Moves dead tokens out of {@link #live}, and forgets the oldest of too many. A long row is
     * searched through only when it has doubled; its head, where tokens expire, each time.
     */
    private void bury(Instant now) {
        if (live.size() <= SMALL || live.size() >= nextSweep) {
            Iterator<IssuedToken> all = live.iterator();
            while (all.hasNext()) {
                IssuedToken token = all.next();
                if (!token.isLive(now)) {
                    all.remove();
                    dead.addLast(token);
                }
            }
            nextSweep = Math.max(SMALL, 2 * live.size());
        } else {
            for (IssuedToken oldest = live.peekFirst();
                    oldest != null && !oldest.isLive(now);
                    oldest = live.peekFirst()) {
                dead.addLast(live.removeFirst());
            }
        }
        int remembered = registry.isCrowded() ? REMEMBERED_IN_A_CROWD : REMEMBERED_DEAD;
        while (dead.size() > remembered) {
            registry.forget(dead.removeFirst());
        }
    }
}
