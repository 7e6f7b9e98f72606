package org.evergrant.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.evergrant.valkey.Samples.KEY;
import static org.evergrant.valkey.Samples.ZOOM;
import static org.evergrant.valkey.Samples.record;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.evergrant.EvergrantException;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Store;

/** Any bytes on the channel on which stores say what they wrote. */
final class SaidFuzzTest {
    private static final RecordCodec CODEC = RecordCodec.sealedBy(KEY);
    private static final Store.Versioned WRITTEN = new Store.Versioned(7, record(7));
    private static final byte[] GENUINE = genuine();

    /** Nobody without the key can vouch, so nothing that the fuzzer makes may be believed. */
    @FuzzTest
    void nothingIsBelievedThatNobodyVouchedFor(byte[] input) {
        isNotBelieved(input);
        byte[] changed = GENUINE.clone();
        for (int i = 0; i + 1 < input.length && i < 16; i += 2) {
            int place = (Byte.toUnsignedInt(input[i]) * 7) % changed.length;
            changed[place] = input[i + 1];
        }
        Said said = Said.of(changed);
        if (said != null && said.hasRecord() && said.app().equals(ZOOM)) {
            // The mark alone may be another one.
            try {
                assertThat(said.read(CODEC)).isEqualTo(WRITTEN);
            } catch (EvergrantException refused) {
                assertThat(changed).isNotEqualTo(GENUINE);
            }
        }
    }

    private static void isNotBelieved(byte[] input) {
        Said said = Said.of(input);
        if (said == null || !said.hasRecord()) {
            return;
        }
        try {
            said.read(CODEC);
        } catch (EvergrantException refused) {
            return;
        }
        fail("believed what nobody vouched for");
    }

    private static byte[] genuine() {
        byte[] record = CODEC.encode(ZOOM, WRITTEN.record());
        byte[] line = Said.line(CODEC, ZOOM, new Stamp(WRITTEN.version(), "mark"), record);
        byte[] all = Arrays.copyOf(line, line.length + record.length);
        System.arraycopy(record, 0, all, line.length, record.length);
        return all;
    }
}
