package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.evergrant.AppId;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.StoreException;
import org.evergrant.Token;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private static final AppId APP = AppId.of("zoom");

    /** Seals nothing, so that damage reaches the reader. */
    private static final Seal OPEN =
            new Seal() {
                @Override
                public byte[] seal(byte[] plain, byte[] context) {
                    return plain.clone();
                }

                @Override
                public byte[] open(byte[] sealed, byte[] context) {
                    return sealed.clone();
                }
            };

    /** Puts the context in front, and opens only with the same one. */
    private static final Seal BOUND =
            new Seal() {
                @Override
                public byte[] seal(byte[] plain, byte[] context) {
                    return ByteBuffer.allocate(Integer.BYTES + context.length + plain.length)
                            .putInt(context.length)
                            .put(context)
                            .put(plain)
                            .array();
                }

                @Override
                public byte[] open(byte[] sealed, byte[] context) {
                    int end = Integer.BYTES + ByteBuffer.wrap(sealed).getInt();
                    byte[] found = Arrays.copyOfRange(sealed, Integer.BYTES, end);
                    if (!Arrays.equals(found, context)) {
                        throw new MisconfiguredException("another context");
                    }
                    return Arrays.copyOfRange(sealed, end, sealed.length);
                }
            };

    private final RecordCodec codec = RecordCodec.sealedBy(OPEN);

    @Test
    void everyRecordComesBackAsItWas() {
        for (int seed = 0; seed < 2000; seed++) {
            AppRecord record = new RandomRecords(seed).next();

            AppRecord back = codec.decode(APP, codec.encode(APP, record));

            assertThat(back).as("seed %s", seed).isEqualTo(record);
        }
    }

    @Test
    void everyConstantComesBackAsItWas() {
        for (Token.Standing standing : Token.Standing.values()) {
            for (Trouble.Kind kind : Trouble.Kind.values()) {
                AppRecord record = record(standing, kind);

                assertThat(codec.decode(APP, codec.encode(APP, record))).isEqualTo(record);
            }
        }
    }

    @Test
    void theBytesOfFormatOneNeverChange() {
        byte[] stored = codec.encode(APP, record(Token.Standing.SUSPECT, Trouble.Kind.DOUBT));

        assertThat(HexFormat.of().formatHex(stored))
                .isEqualTo(
                        "01"
                                + "0000000000000007"
                                + "00000001"
                                + "0000000000000007"
                                + "00000002"
                                + "00000006"
                                + "73656372c3a9"
                                + "00000006"
                                + "626561726572"
                                + "00000000"
                                + "00000000"
                                + "0000000000000064"
                                + "00000001"
                                + "0000000000000e74"
                                + "00000001"
                                + "0000000000000e38"
                                + "00000001"
                                + "01"
                                + "01"
                                + "01"
                                + "00000004"
                                + "6e6f6465"
                                + "00000002"
                                + "0000000000000064"
                                + "00000000"
                                + "0000000000000070"
                                + "00000000"
                                + "00"
                                + "01"
                                + "01"
                                + "03"
                                + "0000000000000064"
                                + "00000000"
                                + "0000000000000065"
                                + "00000000"
                                + "00000003"
                                + "00000004"
                                + "6c6f7374"
                                + "00000001"
                                + "0000000000000064"
                                + "3b9ac9ff"
                                + "00000002"
                                + "01"
                                + "00000001"
                                + "7fffffff"
                                + "0000000000000000"
                                + "00000000"
                                + "0000000000000000"
                                + "00000000"
                                + "00000001"
                                + "00000001"
                                + "0000000000000000"
                                + "00000000"
                                + "0000000000000000"
                                + "00000000");
    }

    @Test
    void theBytesOfAnotherAppDoNotOpen() {
        RecordCodec bound = RecordCodec.sealedBy(BOUND);
        byte[] stored = bound.encode(APP, AppRecord.EMPTY);

        assertThatThrownBy(() -> bound.decode(AppId.of("zoom2"), stored))
                .isInstanceOf(MisconfiguredException.class);
        assertThat(bound.decode(APP, stored)).isEqualTo(AppRecord.EMPTY);
    }

    @Test
    void theContextNamesTheFormatAndTheApp() {
        byte[] stored = RecordCodec.sealedBy(BOUND).encode(APP, AppRecord.EMPTY);

        // Behind the format and the context's length.
        assertThat(new String(stored, 5, stored[4], StandardCharsets.ISO_8859_1))
                .isEqualTo("evergrant record\u0001zoom");
    }

    @Test
    void aNewerFormatIsNamed() {
        byte[] stored = codec.encode(APP, AppRecord.EMPTY);
        stored[0] = 2;

        assertThatThrownBy(() -> codec.decode(APP, stored))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessage(
                        "the record of app zoom was written by a newer Evergrant (format 2); this"
                                + " one reads 1");
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] stored = codec.encode(APP, new RandomRecords(7).next());

        for (int length = 0; length < stored.length; length++) {
            byte[] cut = Arrays.copyOf(stored, length);
            assertThatThrownBy(() -> codec.decode(APP, cut))
                    .as("cut to %s bytes", length)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("app zoom is damaged");
        }
        byte[] longer = Arrays.copyOf(stored, stored.length + 1);
        assertThatThrownBy(() -> codec.decode(APP, longer)).isInstanceOf(StoreException.class);
    }

    @Test
    void everyFlippedBitIsRefusedOrReadAsSomeRecord() {
        for (int seed = 0; seed < 20; seed++) {
            byte[] stored = codec.encode(APP, new RandomRecords(seed).next());
            for (int bit = 0; bit < stored.length * Byte.SIZE; bit++) {
                byte[] flipped = stored.clone();
                flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                readsOrRefuses(flipped);
            }
        }
    }

    @Test
    void noiseIsRefusedOrReadAsSomeRecord() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (noise.length > 0) {
                noise[0] = RecordCodec.FORMAT;
            }
            readsOrRefuses(noise);
        }
    }

    @Test
    void aHugeCountCostsNoMemory() {
        byte[] stored = codec.encode(APP, AppRecord.EMPTY);
        ByteBuffer.wrap(stored).putInt(9, Integer.MAX_VALUE);

        assertThatThrownBy(() -> codec.decode(APP, stored))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("a count beyond its end");
    }

    @Test
    void aRecordBeyondTheLimitIsRefusedBeforeItIsStored() {
        Token huge = token(Token.Standing.GOOD, "x".repeat(RecordCodec.MOST_BYTES));

        assertThatThrownBy(() -> codec.encode(APP, AppRecord.EMPTY.withNewest(huge)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("expected: at most 33554432");
    }

    @Test
    void whatIsVouchedForIsThatVersionOfThatAppAndNothingElse() {
        RecordCodec bound = RecordCodec.sealedBy(BOUND);
        for (int seed = 0; seed < 200; seed++) {
            AppRecord record = new RandomRecords(seed).next();
            byte[] stored = bound.encode(APP, record);
            byte[] voucher = bound.voucher(APP, 7, stored);
            byte[] other = bound.encode(APP, new RandomRecords(seed + 1).next());

            assertThat(bound.decode(APP, 7, stored, voucher))
                    .isEqualTo(new Store.Versioned(7, record));
            assertThatThrownBy(() -> bound.decode(APP, 8, stored, voucher))
                    .isInstanceOf(MisconfiguredException.class);
            assertThatThrownBy(() -> bound.decode(AppId.of("webex"), 7, stored, voucher))
                    .isInstanceOf(MisconfiguredException.class);
            assertThatThrownBy(() -> bound.decode(APP, 7, other, voucher))
                    .isInstanceOf(MisconfiguredException.class);
        }
    }

    @Test
    void aRecordOfExactlyTheLimitIsStored() {
        AppRecord small = AppRecord.EMPTY.withNewest(token(Token.Standing.GOOD, ""));
        int rest = RecordCodec.MOST_BYTES - (codec.encode(APP, small).length - 1);
        Token filling = token(Token.Standing.GOOD, "x".repeat(rest));

        byte[] stored = codec.encode(APP, AppRecord.EMPTY.withNewest(filling));

        assertThat(stored).hasSize(1 + RecordCodec.MOST_BYTES);
    }

    @Test
    void damageIsNamed() {
        Instant spent = Instant.ofEpochSecond(100, 999_999_999);
        byte[] stored = codec.encode(APP, AppRecord.EMPTY.withSpent(List.of(spent)));
        int flag = 1 + Long.BYTES + Integer.BYTES;
        int count = flag + 2;
        int nanos = count + Integer.BYTES + Long.BYTES;

        assertThat(damage(new byte[0])).contains("no bytes");
        assertThat(damage(new byte[] {0, 1, 2})).contains("format 0");
        assertThat(damage(changed(stored, flag, 2 << 24))).contains("flag 2");
        assertThat(damage(changed(stored, count, 2))).contains("a count beyond its end");
        assertThat(damage(changed(stored, count, -1))).contains("a count beyond its end");
        assertThat(damage(changed(stored, nanos, 1_000_000_000))).contains("nanoseconds");
        assertThat(damage(changed(stored, nanos, -1))).contains("nanoseconds");
    }

    private static byte[] changed(byte[] stored, int place, int value) {
        byte[] changed = stored.clone();
        ByteBuffer.wrap(changed).putInt(place, value);
        return changed;
    }

    private String damage(byte[] stored) {
        return String.valueOf(
                catchThrowableOfType(StoreException.class, () -> codec.decode(APP, stored))
                        .getMessage());
    }

    private void readsOrRefuses(byte[] stored) {
        try {
            assertThat(codec.decode(APP, stored)).isNotNull();
        } catch (EvergrantException refused) {
            assertThat(refused).hasMessageContaining("app zoom");
        }
    }

    private static AppRecord record(Token.Standing standing, Trouble.Kind kind) {
        Instant at = Instant.ofEpochSecond(100);
        return new AppRecord(
                7,
                List.of(token(standing, "secré")),
                new Claim("node", 2, at, at.plusSeconds(12), false, true),
                new Trouble(kind, at, at.plusSeconds(1), 3, "lost"),
                List.of(Instant.ofEpochSecond(100, 999_999_999)),
                2,
                new AppRecord.Learned(Retention.KEEP_ALL, Retention.NEWEST_ONLY));
    }

    private static Token token(Token.Standing standing, String value) {
        Instant at = Instant.ofEpochSecond(100, 1);
        return new Token(
                7,
                2,
                Secret.of(value),
                "bearer",
                "",
                "",
                at,
                at.plusSeconds(3600),
                at.plusSeconds(3540),
                standing,
                true);
    }
}
