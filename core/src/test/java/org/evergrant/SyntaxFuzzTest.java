package org.evergrant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.function.Function;
import org.evergrant.spi.DurationText;
import org.jspecify.annotations.Nullable;

/** Any text where a retention, a duration, a mint budget or an app's name is expected. */
final class SyntaxFuzzTest {
    private static final int LONGEST_MESSAGE = 300;

    @FuzzTest
    void everyTextIsAValueThatWritesItselfOrIsRefused(byte[] input) {
        String text = new String(input, UTF_8);

        Retention retention = read(text, Retention::parse);
        MintBudget budget = read(text, MintBudget::parse);
        Duration duration = read(text, DurationText::parse);
        AppId app = read(text, AppId::of);

        if (retention != null) {
            assertThat(Retention.parse(retention.toString())).isEqualTo(retention);
            // The stand-in provider has a reader of its own: the two must mean the same.
            assertThat(org.evergrant.emulator.Retention.parse(retention.toString()))
                    .hasToString(retention.toString());
        }
        if (budget != null) {
            assertThat(MintBudget.parse(budget.toString())).isEqualTo(budget);
            assertThat(budget.reserve()).isBetween(0, budget.mints() - 1);
        }
        if (duration != null) {
            assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
        }
        assertThat(app == null).isEqualTo(!AppId.isValid(text));
        if (app != null) {
            assertThat(app).hasToString(text);
        }
    }

    private static <T> @Nullable T read(String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused)
                    .hasMessageContaining("expected: ")
                    .message()
                    .hasSizeLessThan(LONGEST_MESSAGE)
                    .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
            return null;
        }
    }
}
