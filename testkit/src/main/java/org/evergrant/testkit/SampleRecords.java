package org.evergrant.testkit;

import java.time.Instant;
import java.util.List;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Trouble;

/** Records to store. */
final class SampleRecords {
    private static final Instant AT = Instant.parse("2030-01-01T00:00:00.123456789Z");

    private SampleRecords() {}

    /** Returns a record that says nothing but a number. */
    static AppRecord numbered(long number) {
        return new AppRecord(number, List.of(), null, null, List.of(), 0, null);
    }

    /** Returns a record that has something in each field. */
    static AppRecord full() {
        Token newest =
                new Token(
                        42,
                        1,
                        Secret.of(NothingLeft.CANARY),
                        "bearer",
                        "user:read é 语 🗝",
                        "https://api.example.org",
                        AT,
                        AT.plusSeconds(3600),
                        AT.plusSeconds(3540),
                        Token.Standing.GOOD,
                        true);
        Token unseen =
                new Token(
                        41,
                        0,
                        Secret.of(""),
                        "",
                        "",
                        "",
                        AT.minusSeconds(9),
                        AT.plusNanos(1),
                        AT,
                        Token.Standing.SUSPECT,
                        false);
        return new AppRecord(
                42,
                List.of(newest, unseen),
                new Claim("node-1", 1, AT, AT.plusSeconds(12), true, true),
                new Trouble(Trouble.Kind.RATE_LIMITED, AT, AT.plusMillis(1500), 3, "'slow down'"),
                List.of(AT.minusSeconds(60), AT),
                2,
                new AppRecord.Learned(Retention.newest(3), Retention.NEWEST_ONLY));
    }
}
