package org.evergrant.spi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.evergrant.AppId;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;

/**
 * Turns records into the bytes that every store keeps, and back: one byte that names the format,
 * then the sealed payload. The format and the app are in the seal's context, so the bytes of one
 * app do not open as another's. {@code docs/stored-format.md} has each field.
 */
public final class RecordCodec {
    /** The format that is written. A new one is needed for any change of the payload. */
    public static final int FORMAT = 1;

    /** Far more than a thousand of the longest tokens; a record beyond it is a fault of ours. */
    static final int MOST_BYTES = 32 << 20;

    private static final String RECORD = "evergrant record";
    private static final String VOUCHER = "evergrant voucher";

    private final Seal seal;

    private RecordCodec(Seal seal) {
        this.seal = seal;
    }

    /** Returns a codec whose payloads are sealed by {@code seal}. */
    public static RecordCodec sealedBy(Seal seal) {
        return new RecordCodec(seal);
    }

    /**
     * Returns the bytes to store for {@code record}. In texts, half a surrogate pair becomes {@code
     * ?}; everything else comes back exactly.
     *
     * @throws StoreException when they would be more than 32 MiB
     */
    public byte[] encode(AppId app, AppRecord record) {
        byte[] plain = RecordWriter.write(record);
        if (plain.length > MOST_BYTES) {
            throw new StoreException(
                    "the record of app "
                            + app
                            + " has "
                            + plain.length
                            + " bytes (expected: at most "
                            + MOST_BYTES
                            + ")");
        }
        byte[] sealed = seal.seal(plain, context(app, FORMAT));
        byte[] stored = new byte[1 + sealed.length];
        stored[0] = FORMAT;
        System.arraycopy(sealed, 0, stored, 1, sealed.length);
        return stored;
    }

    /**
     * Returns what vouches for {@code stored} being that version of the app's record: for a store
     * that brings records along when it tells of a change. Whoever can talk to its watches, but has
     * no key, can make none, nor have an older record taken for a newer one.
     */
    public byte[] voucher(AppId app, long version, byte[] stored) {
        return seal.seal(new byte[0], vouched(app, version, stored));
    }

    /**
     * Returns the record that {@code stored} was made from.
     *
     * @throws MisconfiguredException when a newer Evergrant wrote it, the key is another one, or it
     *     was sealed for another app
     * @throws StoreException when it is damaged
     */
    public AppRecord decode(AppId app, byte[] stored) {
        int format = stored.length == 0 ? 0 : Byte.toUnsignedInt(stored[0]);
        if (format > FORMAT) {
            throw new MisconfiguredException(
                    "the record of app "
                            + app
                            + " was written by a newer Evergrant (format "
                            + format
                            + "); this one reads "
                            + FORMAT);
        }
        if (format < FORMAT) {
            throw damaged(app, stored.length == 0 ? "no bytes" : "format 0");
        }
        byte[] plain =
                seal.open(Arrays.copyOfRange(stored, 1, stored.length), context(app, format));
        try {
            return RecordReader.read(plain);
        } catch (RecordReader.Unreadable damage) {
            throw damaged(app, damage.getMessage());
        }
    }

    /**
     * Returns the record that {@code stored} was made from, as that version.
     *
     * @throws MisconfiguredException as {@link #decode(AppId, byte[])} does, and when {@code
     *     voucher} is one for another version or for other bytes
     * @throws StoreException when something is damaged
     */
    public Store.Versioned decode(AppId app, long version, byte[] stored, byte[] voucher) {
        byte[] unused = seal.open(voucher, vouched(app, version, stored));
        return new Store.Versioned(version, decode(app, stored));
    }

    private static StoreException damaged(AppId app, String what) {
        return new StoreException(
                "the record of app "
                        + app
                        + " is damaged: "
                        + what
                        + " (expected: format "
                        + FORMAT
                        + ")");
    }

    private static byte[] context(AppId app, int format) {
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        context.writeBytes(ascii(RECORD));
        context.write(format);
        context.writeBytes(ascii(app.value()));
        return context.toByteArray();
    }

    private static byte[] vouched(AppId app, long version, byte[] stored) {
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        context.writeBytes(ascii(VOUCHER + " " + version + " " + app + "\n"));
        context.writeBytes(stored);
        return context.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
