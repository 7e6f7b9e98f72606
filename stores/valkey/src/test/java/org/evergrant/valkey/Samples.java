package org.evergrant.valkey;

import java.time.Instant;
import java.util.List;
import org.evergrant.AppId;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.AppRecord;
import org.evergrant.testkit.NothingLeft;

/** Records and keys for the tests of this package. */
final class Samples {
    static final AppId ZOOM = AppId.of("zoom");
    static final String KEY_TEXT = "evergrant-key-1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    static final SealingKey KEY = SealingKey.fromText(KEY_TEXT, "a test");

    private static final Instant AT = Instant.parse("2030-01-01T00:00:00Z");

    private Samples() {}

    /** Returns a record with one token, whose value shows the canary. */
    static AppRecord record(long generation) {
        Token token =
                new Token(
                        generation,
                        0,
                        Secret.of(NothingLeft.CANARY),
                        "bearer",
                        "",
                        "",
                        AT,
                        AT.plusSeconds(3600),
                        AT.plusSeconds(3540),
                        Token.Standing.GOOD,
                        false);
        return new AppRecord(generation, List.of(token), null, null, List.of(), 0, null);
    }

    /** Opens a store with the test's key and short waits. */
    static ValkeyStore open(String url) {
        return ValkeyStore.builder(ValkeyUrl.parse(url)).seal(KEY).open();
    }
}
