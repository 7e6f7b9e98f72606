package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As a test of somebody else would use it. */
final class EmulatorExtensionTest {
    @RegisterExtension
    static final EmulatorExtension SHARED =
            EmulatorExtension.of(Emulator.builder().retention(Retention.indexed(2)));

    @RegisterExtension final EmulatorExtension own = EmulatorExtension.create();

    @RepeatedTest(2)
    void everyTestFindsAFreshState() throws Exception {
        assertThat(SHARED.emulator().state().mints()).isZero();
        assertThat(SHARED.emulator().state().faults()).isEmpty();
        assertThat(SHARED.emulator().state().apps())
                .extracting(AppState::retention)
                .containsExactly(Retention.indexed(2));
        assertThat(own.emulator().state().mints()).isZero();
        assertThat(own.emulator()).isNotSameAs(SHARED.emulator());

        own.emulator().rival();
        SHARED.emulator().fault(Fault.DROP, 3);
        SHARED.emulator().setRetention(Retention.keepAll());
        new Caller(own.emulator()).token();
        SHARED.emulator().addApp("a", "c", "s");
        SHARED.emulator().rival("c");
    }

    @Nested
    final class Inside {
        @RepeatedTest(2)
        void nestedTestsShareItToo() {
            assertThat(SHARED.emulator().state().mints()).isZero();

            SHARED.emulator().rival();

            assertThat(SHARED.emulator().state().mints()).isEqualTo(1);
        }
    }

    @Test
    void outsideOfTestsThereIsNone() {
        assertThatThrownBy(() -> EmulatorExtension.create().emulator())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@RegisterExtension");
    }
}
