package org.evergrant.broker.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.evergrant.App;
import org.evergrant.spi.Policy;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any bytes as a configuration file; after a first line {@code environment}, any variables in its
 * place, each a line {@code NAME=value}.
 */
final class ConfigurationFuzzTest {
    private static final String CANARY = "canary-secret-5f2a";
    private static final String ENVIRONMENT = "environment\n";

    /** The longest fault lists all keys. */
    private static final int LONGEST_FAULT = 700;

    private static final Optional<Path> NONE = Optional.empty();

    @TempDir static Path folder;

    @FuzzTest
    void everyTextIsAConfigurationOrRefusedWithItsFaults(byte[] input) throws IOException {
        String text = new String(input, UTF_8);
        if (text.startsWith(ENVIRONMENT)) {
            Map<String, String> variables = variables(text.substring(ENVIRONMENT.length()));
            isUsableOrRefused(() -> Configuration.locate(NONE, variables, folder), "");
        } else {
            Path file = folder.resolve("some.yaml");
            Files.write(file, input);
            Map<String, String> variables =
                    Map.of("SECRET", CANARY, "EMPTY", "", "HOME", "/home/somebody");
            isUsableOrRefused(() -> Configuration.load(file, variables), file.toString());
        }
    }

    private static Map<String, String> variables(String text) {
        Map<String, String> variables = new HashMap<>();
        variables.put("ZOOM_CLIENT_SECRET", CANARY);
        for (String line : text.split("\n", -1)) {
            String[] sides = line.split("=", 2);
            // No process has a variable with a zero in it.
            if (sides.length == 2 && line.indexOf('\0') < 0) {
                variables.put(sides[0], sides[1]);
            }
        }
        return variables;
    }

    private static void isUsableOrRefused(Supplier<Configuration> read, String label) {
        Configuration configuration;
        try {
            configuration = read.get();
        } catch (ConfigurationException refused) {
            assertThat(refused.faults()).isNotEmpty().doesNotHaveDuplicates();
            for (String fault : refused.faults()) {
                assertThat(fault)
                        .startsWith(label)
                        .hasSizeBetween(5, LONGEST_FAULT)
                        .doesNotContain(CANARY)
                        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
            }
            return;
        }
        assertThat(configuration.apps()).isNotEmpty();
        for (Map.Entry<String, App> app : configuration.apps().entrySet()) {
            assertThat(app.getValue().id()).hasToString(app.getKey());
            assertThat(Policy.of(app.getValue()).claimLife()).isPositive();
        }
        configuration
                .callers()
                .forEach((name, caller) -> {
                    assertThat(caller.name()).isEqualTo(name);
                    assertThat(configuration.apps().keySet()).containsAll(caller.apps());
                    assertThat(caller.secret().isEmpty()).isFalse();
                });
        Listen listen = configuration.listen();
        assertThat(Listen.parse(listen.toString())).isEqualTo(listen);
        assertThat(configuration.toString()).doesNotContain(CANARY);
    }
}
