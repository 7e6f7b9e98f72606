package org.evergrant.emulator;

import java.time.Instant;

/**
 * One token that was minted. When and why its life ends is one immutable value behind one volatile
 * field, so that the API asks without a lock while a mint moves the end forward.
 */
final class IssuedToken {
    private record End(Instant at, Verdict how) {}

    private static final int KEY_LENGTH = 22;

    private final ProviderApp app;
    private final long number;
    private final int index;
    private final Instant mintedAt;
    private final Instant expiresAt;
    private final String key;
    private final int textHash;
    private volatile End end;

    IssuedToken(
            ProviderApp app,
            long number,
            int index,
            Instant mintedAt,
            Instant expiresAt,
            String text) {
        this.app = app;
        this.number = number;
        this.index = index;
        this.mintedAt = mintedAt;
        this.expiresAt = expiresAt;
        this.key = keyOf(text);
        this.textHash = text.hashCode();
        this.end = new End(expiresAt, Verdict.EXPIRED);
    }

    /** The part of a token's text by which it is found: the last 132 random bits. */
    static String keyOf(String text) {
        return text.substring(Math.max(0, text.length() - KEY_LENGTH));
    }

    ProviderApp app() {
        return app;
    }

    String key() {
        return key;
    }

    /** Whether this is its text, as far as a hash can tell; for a text with this key. */
    boolean hasText(String text) {
        return text.hashCode() == textHash;
    }

    /** 1 for the app's first token. */
    long number() {
        return number;
    }

    int index() {
        return index;
    }

    Instant mintedAt() {
        return mintedAt;
    }

    /** Its natural end. */
    Instant expiresAt() {
        return expiresAt;
    }

    /** Its end as things stand: the natural one, or an earlier one. */
    Instant endsAt() {
        return end.at;
    }

    Verdict verdict(Instant now) {
        End current = end;
        return now.isBefore(current.at) ? Verdict.LIVE : current.how;
    }

    boolean isLive(Instant now) {
        return now.isBefore(end.at);
    }

    /** Whether a mint has moved its end. */
    boolean isDisplaced() {
        return end.how == Verdict.DISPLACED;
    }

    /** Ends it at that instant unless it ends earlier anyway. Callers hold the ledger's lock. */
    boolean endAt(Instant at, Verdict how) {
        if (!at.isBefore(end.at)) {
            return false;
        }
        end = new End(at, how);
        return true;
    }
}
