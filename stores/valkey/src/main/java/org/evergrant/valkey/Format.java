package org.evergrant.valkey;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.evergrant.MisconfiguredException;
import org.evergrant.spi.Seal;

/**
 * The key that says how the store is made: one byte for the schema, then a known text, sealed. It
 * is written by whoever comes first and looked at on each new connection, so that a wrong key, or
 * somebody newer, is noticed before anything is read.
 */
final class Format {
    static final int SCHEMA = 1;

    private static final byte[] CHECK = "evergrant".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHECK_CONTEXT =
            "evergrant key check".getBytes(StandardCharsets.US_ASCII);

    private final ValkeyUrl url;
    private final String key;
    private final Seal seal;

    Format(ValkeyUrl url, String key, Seal seal) {
        this.url = url;
        this.key = key;
        this.seal = seal;
    }

    /** Completes once the store is found to be ours, or was made so. */
    CompletableFuture<Void> check(Session session) {
        return Commands.send(session, Commands.get(key))
                .thenCompose(found ->
                        found == null ? create(session) : CompletableFuture.completedFuture(found))
                .thenAccept(this::verify);
    }

    private CompletableFuture<byte[]> create(Session session) {
        byte[] sealed = seal.seal(CHECK, CHECK_CONTEXT);
        byte[] format = new byte[1 + sealed.length];
        format[0] = SCHEMA;
        System.arraycopy(sealed, 0, format, 1, sealed.length);
        return Commands.send(session, Commands.setIfAbsent(key, format))
                .thenCompose(done -> Commands.send(session, Commands.get(key)));
    }

    private void verify(byte[] found) {
        int schema = found == null || found.length == 0 ? 0 : Byte.toUnsignedInt(found[0]);
        refuseNewer(url, schema);
        if (schema != SCHEMA) {
            throw new MisconfiguredException(
                    "the store "
                            + url
                            + " has a key "
                            + key
                            + " that is none of ours (expected: a prefix that nobody else uses)");
        }
        try {
            byte[] sealed = Arrays.copyOfRange(found, 1, found.length);
            if (!Arrays.equals(seal.open(sealed, CHECK_CONTEXT), CHECK)) {
                throw new MisconfiguredException("the known text is another one");
            }
        } catch (MisconfiguredException refused) {
            throw new MisconfiguredException(
                    "the store " + url + " does not open: " + refused.getMessage(), refused);
        }
    }

    static void refuseNewer(ValkeyUrl url, long schema) {
        if (schema > SCHEMA) {
            throw new MisconfiguredException(
                    "the store "
                            + url
                            + " was written by a newer Evergrant (schema "
                            + schema
                            + "); this one reads "
                            + SCHEMA);
        }
    }
}
