package org.evergrant.simulation.fleet;

import org.jspecify.annotations.Nullable;

/** A token as the provider knows it, and what became of it. */
final class Issued {
    private final long number;
    private final String value;
    private final int index;
    private final long bornAt;
    private final long expiresAt;
    private final @Nullable MintRequest request;
    private @Nullable MintRequest latest;
    private boolean isDatedBack;
    private long diesAt;
    private Fate fate = Fate.EXPIRED;

    /** How a token ends. */
    enum Fate {
        /** Its time was over. */
        EXPIRED,
        /** A mint of ours ended it when it had been promised to nobody, or to nobody any more. */
        LAWFUL,
        /** A mint of ours ended it within its promise. */
        OURS,
        /** A mint of ours that was sent by a node that had stalled beyond its claim. */
        STALLED,
        /** A mint of ours, because a caller or the API said that it was dead. */
        FALSELY_REJECTED,
        /** A rival's mint did, or ours because a rival's token had taken a place. */
        RIVAL,
        /** The provider did, or ours because the provider keeps fewer tokens than configured. */
        RULE_CHANGED,
        /** A mint of ours did within its promise, because the store's clock had jumped. */
        CLOCK_JUMPED,
        /** The app was deactivated. */
        DEACTIVATED
    }

    /**
     * Makes one.
     *
     * @param request the mint of ours that brought it; {@code null} for a rival's
     */
    Issued(
            long number,
            String value,
            int index,
            long bornAt,
            long expiresAt,
            @Nullable MintRequest request) {
        this.number = number;
        this.value = value;
        this.index = index;
        this.bornAt = bornAt;
        this.expiresAt = expiresAt;
        this.diesAt = expiresAt;
        this.request = request;
        cameWith(request);
    }

    long number() {
        return number;
    }

    String value() {
        return value;
    }

    int index() {
        return index;
    }

    long bornAt() {
        return bornAt;
    }

    long expiresAt() {
        return expiresAt;
    }

    long life() {
        return expiresAt - bornAt;
    }

    long diesAt() {
        return diesAt;
    }

    Fate fate() {
        return fate;
    }

    @Nullable MintRequest request() {
        return request;
    }

    /** Returns the last mint of ours that was answered with it. */
    @Nullable MintRequest latest() {
        return latest;
    }

    /** Notes that a mint was answered with it. */
    void cameWith(@Nullable MintRequest by) {
        if (by != null) {
            latest = by;
            isDatedBack |= by.isLate() || by.claim() == null;
        }
    }

    /**
     * Returns whether its life may count from a claim that had long run out, or from a clock cut
     * off: a token that comes again keeps its first date.
     */
    boolean isDatedBack() {
        return isDatedBack;
    }

    boolean isOurs() {
        return request != null;
    }

    boolean isLive(long now) {
        return now < diesAt;
    }

    void dieAt(long instant, Fate of) {
        if (instant < diesAt) {
            diesAt = instant;
            fate = of;
        }
    }
}
