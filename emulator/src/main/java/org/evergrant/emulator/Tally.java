package org.evergrant.emulator;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts of API calls. Adding never waits. */
final class Tally {
    private final LongAdder ok = new LongAdder();
    private final LongAdder tooMany = new LongAdder();

    /** Complete from the start and never changed, so that threads may share it. */
    private final Map<Verdict, LongAdder> refused = new EnumMap<>(Verdict.class);

    Tally() {
        for (Verdict verdict : Verdict.values()) {
            refused.put(verdict, new LongAdder());
        }
    }

    void letThrough() {
        ok.increment();
    }

    void slowedDown() {
        tooMany.increment();
    }

    void refused(Verdict verdict) {
        LongAdder count = refused.get(verdict);
        if (count != null) {
            count.increment();
        }
    }

    long ok() {
        return ok.sum();
    }

    long tooMany() {
        return tooMany.sum();
    }

    /** The 401s by reason, reasons without any left out. */
    Map<String, Long> refusals() {
        Map<String, Long> byReason = new LinkedHashMap<>();
        refused.forEach((verdict, adder) -> {
            long count = adder.sum();
            if (count > 0) {
                byReason.put(verdict.text(), count);
            }
        });
        return byReason;
    }

    void clear() {
        ok.reset();
        tooMany.reset();
        refused.values().forEach(LongAdder::reset);
    }
}
