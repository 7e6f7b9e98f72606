package org.evergrant.trials;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/** What the versions of an app's record tell of its claims. */
final class History {
    /** How a claim ended. */
    enum End {
        /** In a token, a generation more. */
        PUBLISHED,
        /** The provider refused, or could not be reached. */
        FAILED,
        /** Its node was there to the end and could not tell whether it minted. */
        DOUBTED,
        /** Its node gave it back before it sent the mint. */
        RELEASED,
        /** Nobody ended it before its time was over. */
        RAN_OUT
    }

    /**
     * A claim and what came of it.
     *
     * @param before the record that it was written over
     * @param token what was published for it, if anything
     */
    record Claimed(Claim claim, AppRecord before, End end, @Nullable Token token) {
        /** Returns whether a mint of this claim can have reached the provider at {@code at}. */
        boolean covers(Instant at) {
            return !at.isBefore(claim.at()) && at.isBefore(claim.until());
        }
    }

    private History() {}

    /** Returns every claim in the order they were written; the last one may be open. */
    static List<Claimed> claims(List<AppRecord> versions) {
        List<Claimed> claims = new ArrayList<>();
        AppRecord claimedOver = AppRecord.EMPTY;
        for (int i = 1; i < versions.size(); i++) {
            AppRecord before = versions.get(i - 1);
            AppRecord after = versions.get(i);
            Claim old = before.claim();
            Claim now = after.claim();
            boolean begins = now != null && (old == null || !now.isSame(old));
            if (old != null && (begins || now == null)) {
                claims.add(ended(old, claimedOver, before, after));
            }
            if (begins) {
                claimedOver = before;
            }
        }
        AppRecord last = versions.get(versions.size() - 1);
        if (last.claim() != null) {
            claims.add(new Claimed(last.claim(), claimedOver, End.RAN_OUT, null));
        }
        return claims;
    }

    /** Returns the id of the process that wrote the claim. */
    static long pid(Claim claim) {
        return Long.parseLong(claim.node().substring(0, claim.node().indexOf('-')));
    }

    private static Claimed ended(
            Claim claim, AppRecord claimedOver, AppRecord before, AppRecord after) {
        if (after.claim() != null) {
            return new Claimed(claim, claimedOver, End.RAN_OUT, null);
        }
        if (after.generation() > before.generation()) {
            Token token = after.newest().orElseThrow();
            return new Claimed(claim, claimedOver, End.PUBLISHED, token);
        }
        Trouble trouble = after.trouble();
        if (trouble == null || trouble.equals(before.trouble())) {
            return new Claimed(claim, claimedOver, End.RELEASED, null);
        }
        End end = trouble.kind() == Trouble.Kind.DOUBT ? End.DOUBTED : End.FAILED;
        return new Claimed(claim, claimedOver, end, null);
    }
}
