package org.evergrant.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Our names keep the rules; the samples, which break each of them on purpose, are reported. */
final class NamingTest {
    private static final JavaClasses OURS =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    // What JMH generates is named and annotated by JMH.
                    .withImportOption(location -> !location.contains("/jmh_generated/"))
                    .importPackages("org.evergrant");
    private static final JavaClasses SAMPLES =
            new ClassFileImporter().importPackages("org.evergrant.tidy.sample");

    @Test
    void packagesSayWhatTheyHold() {
        Naming.PACKAGES_SAY_WHAT_THEY_HOLD.check(OURS);
    }

    @Test
    void classesSayWhatTheyAre() {
        Naming.CLASSES_SAY_WHAT_THEY_ARE.check(OURS);
    }

    @Test
    void packagesAreNullMarked() {
        Naming.PACKAGES_ARE_NULL_MARKED.check(OURS);
    }

    @Test
    void packageCalledUtilIsReported() {
        assertThat(reported(Naming.PACKAGES_SAY_WHAT_THEY_HOLD))
                .anyMatch(line -> line.contains("sample.util.Anything"));
    }

    @Test
    void classCalledImplOrDefaultIsReported() {
        assertThat(reported(Naming.CLASSES_SAY_WHAT_THEY_ARE))
                .anyMatch(line -> line.contains("StoreImpl"))
                .anyMatch(line -> line.contains("DefaultStore"));
    }

    @Test
    void packageWithoutNullMarkedIsReported() {
        assertThat(reported(Naming.PACKAGES_ARE_NULL_MARKED))
                .anyMatch(line -> line.contains("sample.util.Anything"));
    }

    private static List<String> reported(ArchRule rule) {
        return rule.evaluate(SAMPLES).getFailureReport().getDetails();
    }
}
