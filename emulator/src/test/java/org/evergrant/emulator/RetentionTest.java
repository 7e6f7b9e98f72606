package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetentionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "newest-only",
                "indexed:1",
                "indexed:5",
                "newest:15",
                "grace:5m",
                "grace:250ms",
                "grace:0ms",
                "keep-all",
                "sticky:30m",
                "sticky:1h"
            })
    void readsWhatItWrites(String text) {
        assertThat(Retention.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "newest",
                "newest:",
                "newest:0",
                "newest:-1",
                "newest:x",
                "newest-only:1",
                "keep-all:",
                "indexed",
                "indexed:10001",
                "grace",
                "grace:5",
                "grace:5d",
                "grace:-5s",
                "sticky:",
                "Newest-Only",
                " keep-all"
            })
    void refusesEverythingElseAndSaysWhatItExpected(String text) {
        assertThatThrownBy(() -> Retention.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sticky", "grace", "newest", "sticky:", "grace:5", "indexed:x"})
    void complaintNamesTheWholeRetentionAndEveryForm(String text) {
        assertThatThrownBy(() -> Retention.parse(text))
                .hasMessageStartingWith("\"" + text + "\" (expected: newest-only, ")
                .hasMessageContaining("sticky:DURATION, with durations such as 250ms");
    }

    @Test
    void writesDurationsInTheLargestUnitThatLosesNothing() {
        assertThat(Durations.format(Duration.ofHours(2))).isEqualTo("2h");
        assertThat(Durations.format(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(Durations.format(Duration.ofMillis(1500))).isEqualTo("1500ms");
        assertThat(Durations.parse("3600s")).isEqualTo(Durations.parse("1h"));
    }
}
