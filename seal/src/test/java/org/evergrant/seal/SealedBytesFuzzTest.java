package org.evergrant.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.evergrant.MisconfiguredException;

/** Any bytes where something sealed is expected, and any text where a key is. */
final class SealedBytesFuzzTest {
    private static final String KEY_TEXT =
            "evergrant-key-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final SealingKey KEY = SealingKey.fromText(KEY_TEXT, "EVERGRANT_KEY");
    private static final byte[] CONTEXT = "here".getBytes(UTF_8);

    /** Nobody without the key makes bytes that open, so none that the fuzzer makes may. */
    @FuzzTest
    void nothingOpensThatWasNotSealedHere(byte[] input) {
        refuses(input, CONTEXT);
        readsAsAKeyOrIsRefusedUnquoted(new String(input, UTF_8));

        byte[] sealed = KEY.seal(input, CONTEXT);

        assertThat(KEY.open(sealed, CONTEXT)).isEqualTo(input);
        refuses(sealed, Arrays.equals(input, CONTEXT) ? new byte[0] : input);
        for (int place : new int[] {0, 4, 16, sealed.length / 2, sealed.length - 1}) {
            byte[] changed = sealed.clone();
            changed[place] ^= (byte) (1 << (input.length & 7));
            refuses(changed, CONTEXT);
        }
        refuses(Arrays.copyOf(sealed, sealed.length - 1), CONTEXT);
        refuses(Arrays.copyOf(sealed, sealed.length + 1), CONTEXT);
    }

    private static void refuses(byte[] sealed, byte[] context) {
        try {
            KEY.open(sealed, context);
        } catch (MisconfiguredException refused) {
            isShort(refused);
            return;
        }
        fail("opened what was not sealed here");
    }

    private static void readsAsAKeyOrIsRefusedUnquoted(String text) {
        SealingKey key;
        try {
            key = SealingKey.fromText(text, "EVERGRANT_KEY");
        } catch (MisconfiguredException refused) {
            isShort(refused);
            String stripped = text.strip();
            if (stripped.length() > 20) {
                assertThat(refused.getMessage()).doesNotContain(stripped);
            }
            return;
        }
        assertThat(text.strip()).startsWith("evergrant-key-1:");
        assertThat(key.open(key.seal(CONTEXT, CONTEXT), CONTEXT)).isEqualTo(CONTEXT);
        assertThat(key.toString()).doesNotContain(text.strip().substring(16));
    }

    private static void isShort(MisconfiguredException refused) {
        assertThat(refused).message().hasSizeLessThan(250).matches("[ -~]+");
    }
}
