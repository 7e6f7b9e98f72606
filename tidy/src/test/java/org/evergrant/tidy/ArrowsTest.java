package org.evergrant.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Our modules keep the arrows; the samples, which break each of them on purpose, are reported. */
final class ArrowsTest {
    private static final JavaClasses OURS =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("org.evergrant");
    private static final JavaClasses SAMPLES =
            new ClassFileImporter().importPackages("org.evergrant.tidy.sample");

    private static final Arrows ARROWS = new Arrows("org.evergrant");
    private static final Arrows SAMPLE_ARROWS = new Arrows("org.evergrant.tidy.sample");

    static Stream<String> modules() {
        return Arrows.modules().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleUsesOnlyWhatItMay(String module) {
        ARROWS.keptBy(module).check(OURS);
    }

    @Test
    void everyModuleHasARow() {
        ARROWS.everyModuleHasARow().check(OURS);
    }

    @Test
    void allModulesAreLookedAt() {
        assertThat(OURS.stream().map(c -> c.getPackageName()))
                .contains(
                        "org.evergrant",
                        "org.evergrant.bench",
                        "org.evergrant.broker",
                        "org.evergrant.cli",
                        "org.evergrant.emulator",
                        "org.evergrant.jdbc",
                        "org.evergrant.seal",
                        "org.evergrant.testkit",
                        "org.evergrant.valkey");
    }

    @ParameterizedTest
    @CsvSource({
        "core, core uses jdbc, CoreThatUsesAStore",
        "core, core uses broker, SpiThatUsesTheBroker",
        "jdbc, jdbc uses valkey, StoreThatUsesAnother",
        "jdbc, jdbc uses okhttp, StoreThatUsesAClient",
        "broker, broker uses okhttp, BrokerThatUsesAClient",
        "emulator, emulator uses core, EmulatorThatUsesTheCore"
    })
    void sampleThatBreaksAnArrowIsReported(String module, String what, String sample) {
        var result = SAMPLE_ARROWS.keptBy(module).evaluate(SAMPLES);

        assertThat(result.getFailureReport().getDetails())
                .anySatisfy(line -> assertThat(line).contains(what).contains(sample));
    }

    @Test
    void sampleOfAModuleWithoutARowIsReported() {
        var result = SAMPLE_ARROWS.everyModuleHasARow().evaluate(SAMPLES);

        assertThat(result.getFailureReport().getDetails())
                .anySatisfy(line -> assertThat(line).contains("okhttp.Client"));
    }

    @Test
    void storesAreNeverUsedByOtherStores() {
        for (String store : Arrows.stores()) {
            assertThat(Arrows.mayUse(store)).doesNotContainAnyElementsOf(Arrows.stores());
        }
    }
}
