package org.evergrant.jdbc;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.evergrant.AppId;
import org.evergrant.spi.RecordCodec;

/**
 * What one store tells the others of a PostgreSQL by NOTIFY: the app, its version, who wrote it, a
 * voucher, and the record as it was written, unless that is large; both in base64. Any role of the
 * database can say something there; what nobody with the key has vouched for is not believed.
 */
final class Notices {
    /** PostgreSQL tells at most 8,000 bytes at once. */
    private static final int MOST_TOLD_BYTES = 4096;

    private static final Pattern FORM =
            Pattern.compile("([^ ]+) ([0-9]{1,18}) ([0-9a-f]+) ([A-Za-z0-9_-]*) ([A-Za-z0-9_-]*)");

    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();
    private static final int WRITER_BYTES = 8;

    private final RecordCodec codec;
    private final String writer;

    Notices(RecordCodec codec) {
        this.codec = codec;
        byte[] id = new byte[WRITER_BYTES];
        new SecureRandom().nextBytes(id);
        this.writer = HexFormat.of().formatHex(id);
    }

    /** Returns what is said of a record that was written as this version. */
    String of(AppId app, long version, byte[] written) {
        String head = app + " " + version + " " + writer + " ";
        if (written.length > MOST_TOLD_BYTES) {
            return head + " ";
        }
        byte[] voucher = codec.voucher(app, version, written);
        return head + TEXT.encodeToString(voucher) + " " + TEXT.encodeToString(written);
    }

    /** Tells {@code changes} of what was said, unless this store has said it itself. */
    void hear(String said, Changes changes) {
        Matcher words = FORM.matcher(said);
        if (!words.matches() || !AppId.isValid(words.group(1)) || words.group(3).equals(writer)) {
            return;
        }
        AppId app = AppId.of(words.group(1));
        long version = Long.parseLong(words.group(2));
        byte[] voucher = bytes(words.group(4));
        byte[] written = bytes(words.group(5));
        if (written.length == 0) {
            changes.found(List.of(new RecordTable.Change(app, version)));
        } else {
            changes.said(app, version, () -> codec.decode(app, version, written, voucher));
        }
    }

    private static byte[] bytes(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException cut) {
            return new byte[0];
        }
    }
}
