package org.evergrant.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.evergrant.App;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What would end a reader with less than a list of faults. */
final class HostileConfigurationTest {
    private static final Map<String, String> ZOOM =
            Map.of(
                    "ZOOM_ACCOUNT_ID", "acc",
                    "ZOOM_CLIENT_ID", "cid",
                    "ZOOM_CLIENT_SECRET", "secret");

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"[", "- ", "{a: "})
    void fileThatNestsWithoutEndIsRefusedWithItsLine(String opening) throws IOException {
        Path file = Files.writeString(folder.resolve("deep.yaml"), "\n" + opening.repeat(50_000));

        ConfigurationException refused =
                catchThrowableOfType(
                        ConfigurationException.class, () -> Configuration.load(file, Map.of()));

        assertThat(refused.faults()).containsExactly(file + ":2: nested deeper than 16 levels");
    }

    @Test
    void faultIsOneLineEvenWhereTheYamlLibraryQuotesALineEnd() throws IOException {
        Path file = Files.writeString(folder.resolve("line.yaml"), "- a\n%\n- b\n");

        assertThatThrownBy(() -> Configuration.load(file, Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        file
                                + ":2: not YAML: expected alphabetic or numeric character, but"
                                + " found ?(10)");
    }

    @Test
    void stateFolderThatHasNoNameHereIsAFaultUnlessTheStoreIsNamed() {
        // What a folder like /home/zoë is under the C locale; a zero stands for it anywhere.
        Map<String, String> nameless = new HashMap<>(ZOOM);
        nameless.put("HOME", "/home/zo\0");

        assertThatThrownBy(() -> Configuration.fromEnvironment(nameless))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "the user's state folder has no name that can be used here: '/home/zo?'"
                                + " (expected: a store that is named, or a UTF-8 locale)");
        nameless.put("EVERGRANT_STORE", "memory");
        assertThat(Configuration.fromEnvironment(nameless).store()).hasToString("memory");
    }

    @Test
    void bracketsAreForAddressesWithColons() {
        assertThat(Listen.parse("[fe80::1%2]:80")).hasToString("[fe80::1%2]:80");
        for (String none : List.of("[12%3]:80", "[127.0.0.1]:80")) {
            assertThatThrownBy(() -> Listen.parse(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("HOST:PORT");
        }
    }

    @Test
    void fileOfManyAppsIsRead() throws IOException {
        int apps = 25_000;
        StringBuilder yaml = new StringBuilder("store: memory\napps:\n");
        for (int i = 0; i < apps; i++) {
            yaml.append(
                    "  app-%d: {provider: zoom, account-id: account-of-nobody-we-know-%d,"
                            .formatted(i, i));
            yaml.append(
                    " client-id: client-of-nobody-we-know-%d, client-secret: secret-%d}\n"
                            .formatted(i, i));
        }
        // More than the 3 MiB that the library reads by itself.
        assertThat(yaml).hasSizeGreaterThan(3 * 1024 * 1024);
        Path file = Files.writeString(folder.resolve("many.yaml"), yaml);

        Configuration read = Configuration.load(file, Map.of());

        App zoom = read.apps().values().iterator().next();
        assertThat(read.apps()).hasSize(apps);
        assertThat(read.apps().values())
                .allSatisfy(app -> assertThat(app.tokenUrl()).isSameAs(zoom.tokenUrl()));
    }

    @Test
    void fileThatNobodyCanHaveMeantIsNotReadIntoMemory() throws IOException {
        Path file = folder.resolve("log.yaml");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(64L * 1024 * 1024 + 1);
        }

        ConfigurationException refused =
                catchThrowableOfType(
                        ConfigurationException.class, () -> Configuration.load(file, Map.of()));

        assertThat(refused.faults()).containsExactly(file + ": longer than 67108864 bytes");
    }
}
