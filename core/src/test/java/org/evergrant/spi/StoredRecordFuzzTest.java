package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.evergrant.AppId;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;

/** Any bytes that a store may hold, without the seal that would refuse nearly all of them. */
final class StoredRecordFuzzTest {
    private static final AppId APP = AppId.of("app");
    private static final RecordCodec CODEC = RecordCodec.sealedBy(new Unsealed());

    private static final class Unsealed implements Seal {
        @Override
        public byte[] seal(byte[] plain, byte[] context) {
            return plain;
        }

        @Override
        public byte[] open(byte[] sealed, byte[] context) {
            return sealed;
        }
    }

    /** One record has one form: whatever can be read is what would have been written. */
    @FuzzTest
    void everyBytesAreTheOneFormOfARecordOrRefused(byte[] stored) {
        byte[] before = stored.clone();
        AppRecord record;
        try {
            record = CODEC.decode(APP, stored);
        } catch (MisconfiguredException newer) {
            assertThat(Byte.toUnsignedInt(stored[0])).isGreaterThan(RecordCodec.FORMAT);
            return;
        } catch (StoreException damaged) {
            assertThat(damaged)
                    .message()
                    .startsWith("the record of app app is damaged: ")
                    .hasSizeLessThan(120)
                    .matches("[ -~]+");
            return;
        }

        assertThat(stored).isEqualTo(before);
        assertThat(CODEC.encode(APP, record)).isEqualTo(stored);
        assertThat(CODEC.decode(APP, stored)).isEqualTo(record);
        isRefusedWhenCutOrLengthened(stored);
    }

    private static void isRefusedWhenCutOrLengthened(byte[] stored) {
        for (int length : new int[] {stored.length - 1, stored.length / 2, stored.length + 1}) {
            byte[] other = Arrays.copyOf(stored, length);
            boolean refused = false;
            try {
                CODEC.decode(APP, other);
            } catch (StoreException damaged) {
                refused = true;
            }
            assertThat(refused).as("%s of %s bytes", length, stored.length).isTrue();
        }
    }
}
