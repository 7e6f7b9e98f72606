package org.evergrant.trials;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.evergrant.trials.History.Claimed;
import org.evergrant.trials.History.End;

/**
 * The asks that brought no token, and why: something was done to the node that was asked, or to the
 * store, or another node left a claim behind that had to run out. Anything else is our fault.
 */
final class Asks {
    /** What is tried again after a failure is tried again within this time. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final List<Claimed> claims;
    private final List<Mishap> mishaps;
    private final Map<String, Long> reasons = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    Asks(List<Claimed> claims, List<Mishap> mishaps) {
        this.claims = claims.stream().filter(Asks::isHeldInVain).toList();
        this.mishaps = List.copyOf(mishaps);
    }

    private static boolean isHeldInVain(Claimed claimed) {
        return claimed.end() == End.RAN_OUT || claimed.end() == End.DOUBTED;
    }

    /**
     * Adds what callers of one node logged.
     *
     * @param isTheirs whether a process is that node
     */
    void add(List<CallLog.Tokenless> asks, LongPredicate isTheirs) {
        for (CallLog.Tokenless ask : asks) {
            String reason = reason(ask, isTheirs);
            reasons.merge(reason, 1L, Long::sum);
            if (reason.equals("ours")) {
                faults.add("no token for no reason: " + ask);
            }
        }
    }

    private String reason(CallLog.Tokenless ask, LongPredicate isTheirs) {
        Instant from = ask.askedAt().minus(RETRY);
        for (Mishap mishap : mishaps) {
            boolean concerned = mishap.pid() == Mishap.EVERYBODY || isTheirs.test(mishap.pid());
            if (concerned && mishap.touches(from, ask.at())) {
                return mishap.kind().toString().toLowerCase(java.util.Locale.ROOT);
            }
        }
        for (Claimed claimed : claims) {
            if (claimed.claim().at().isBefore(ask.at())
                    && claimed.claim().until().plus(RETRY).isAfter(ask.askedAt())) {
                return "claim of another node";
            }
        }
        return "ours";
    }

    /** Returns how many asks brought no token, by the reason. */
    Map<String, Long> reasons() {
        return Map.copyOf(reasons);
    }

    /** Returns the asks that brought no token and should have. */
    List<String> faults() {
        return List.copyOf(faults);
    }
}
