package org.evergrant.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.evergrant.MisconfiguredException;
import org.evergrant.spi.Seal;

/** A known text, sealed when a database is made, by which a wrong key is told when it is opened. */
final class KeyCheck {
    private static final byte[] TEXT = "evergrant".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTEXT = "evergrant key check".getBytes(StandardCharsets.US_ASCII);

    private KeyCheck() {}

    /** Returns the known text, sealed. */
    static byte[] sealedBy(Seal seal) {
        return seal.seal(TEXT, CONTEXT);
    }

    /**
     * Refuses a seal that does not open {@code sealed}.
     *
     * @param store the store's name for the message
     */
    static void verify(Seal seal, byte[] sealed, String store) {
        try {
            if (!Arrays.equals(seal.open(sealed, CONTEXT), TEXT)) {
                throw new MisconfiguredException("the known text is another one");
            }
        } catch (MisconfiguredException refused) {
            throw new MisconfiguredException(
                    "the store " + store + " does not open: " + refused.getMessage(), refused);
        }
    }
}
