package org.evergrant.valkey;

import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.evergrant.AppId;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;

/**
 * What a write says on the channel: one line of text with the mark, the version, the app and a
 * voucher in base64, and behind it the record as it was written, unless that is large. Whoever may
 * publish there can say something; what nobody with the key has vouched for is not believed.
 */
final class Said {
    private static final Pattern LINE =
            Pattern.compile("([^ ]+) ([0-9]{1,18}) ([^ ]+) ([A-Za-z0-9_-]+)");

    private final AppId app;
    private final Stamp stamp;
    private final byte[] voucher;
    private final byte[] record;

    private Said(AppId app, Stamp stamp, byte[] voucher, byte[] record) {
        this.app = app;
        this.stamp = stamp;
        this.voucher = voucher;
        this.record = record;
    }

    /** Returns the line about a record that is written with this stamp. */
    static byte[] line(RecordCodec codec, AppId app, Stamp stamp, byte[] record) {
        byte[] voucher = codec.voucher(app, stamp.version(), record);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(voucher);
        return Stamp.ascii(stamp.mark() + " " + stamp.version() + " " + app + " " + text + "\n");
    }

    /** Returns what the bytes say; null where they are none of ours. */
    static @Nullable Said of(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        Matcher words = LINE.matcher(Stamp.text(Arrays.copyOf(bytes, end)));
        if (end == bytes.length || !words.matches() || !AppId.isValid(words.group(3))) {
            return null;
        }
        return new Said(
                AppId.of(words.group(3)),
                new Stamp(Long.parseLong(words.group(2)), words.group(1)),
                voucher(words.group(4)),
                Arrays.copyOfRange(bytes, end + 1, bytes.length));
    }

    private static byte[] voucher(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException cut) {
            return new byte[0];
        }
    }

    AppId app() {
        return app;
    }

    Stamp stamp() {
        return stamp;
    }

    /** Returns whether the record is said along. */
    boolean hasRecord() {
        return record.length > 0;
    }

    /** Returns the record that is said along; fails as a read does, and without a true voucher. */
    Store.Versioned read(RecordCodec codec) {
        return codec.decode(app, stamp.version(), record, voucher);
    }
}
