package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MainTest {
    @Test
    void unknownOptionIsWrongUsage() {
        int code = Main.run("--no-such-option");

        assertThat(code).isEqualTo(2);
    }
}
