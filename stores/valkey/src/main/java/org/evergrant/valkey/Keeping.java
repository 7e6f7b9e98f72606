package org.evergrant.valkey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;

/** For how long a record is kept after it was written. */
final class Keeping {
    /**
     * Longer than the longest window of a mint budget, 31 days, in which a mint still counts. An
     * app that nobody asked for all this time begins anew at generation 1.
     */
    static final Duration AFTER_USE = Duration.ofDays(40);

    /** A provider may say anything of a token's life; the server takes only so many digits. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Keeping() {}

    /** Returns the time from {@code now} to the latest instant that the record names, and more. */
    static Duration of(AppRecord record, Instant now) {
        List<Instant> instants = new ArrayList<>(record.spent());
        record.tokens().stream().map(Token::expiresAt).forEach(instants::add);
        if (record.claim() != null) {
            instants.add(record.claim().until());
        }
        if (record.trouble() != null) {
            instants.add(record.trouble().retryAt());
        }
        Duration inUse =
                instants.stream()
                        .map(instant -> Duration.between(now, instant))
                        .filter(left -> !left.isNegative())
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO);
        return AFTER_USE.plus(inUse.compareTo(LONGEST) < 0 ? inUse : LONGEST);
    }
}
