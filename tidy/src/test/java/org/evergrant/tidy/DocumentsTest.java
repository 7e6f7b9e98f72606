package org.evergrant.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What our documents name exists; samples that name what does not are reported. */
final class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Documents SAMPLE =
            new Documents(
                    Map.of("RotationTest", Set.of("mintsOnce"), "StoreContract", Set.of()),
                    Map.of("StoreContract", "RotationTest"));

    static Stream<Path> documents() throws IOException {
        return Documents.files(ROOT, ".md").stream();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyTestThatIsNamedExists(Path file) throws IOException {
        assertThat(Documents.of(ROOT).unknownTests(Files.readString(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkLeadsToAFile(Path file) throws IOException {
        assertThat(Documents.brokenLinks(file, Files.readString(file))).isEmpty();
    }

    @Test
    void theDocumentsWithTestsInThemAreLookedAt() {
        assertThat(ROOT.resolve("docs/guarantees.md")).content().contains("| test |");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "`RotationTest.mintsTwice` holds it",
                "`RotorTest` holds it",
                "| promise | test |//| --- | --- |//| one mint | `RotationTest.mintsTwice` |",
                "| promise | test |//"
                        + "| --- | --- |//"
                        + "| one mint | `RotationTest.mintsOnce`, `twice` |",
                "| promise | test |//| --- | --- |//| one mint | `Contract` |",
                "| test | planted bug |//| --- | --- |//| `RotationTest.twice` | `mintsOnce` |",
                "`RotationTest` has them////| what | planted bug |//| --- | --- |//| a | `twice` |"
            })
    void testThatDoesNotExistIsReported(String sample) {
        assertThat(SAMPLE.unknownTests(lines(sample))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "`RotationTest.mintsOnce` and `RotationTest` hold it; `expires_in` is no test",
                "| word | what |//| --- | --- |//| `mint` | one request, `Rotation.next` |",
                "| promise | test |//"
                        + "| --- | --- |//"
                        + "| `a` | `RotationTest.mintsOnce`, `mintsOnce` |",
                "| promise | test |//"
                        + "| --- | --- |//"
                        + "| a | `StoreContract.mintsOnce`; `bench/README.md` |"
            })
    void testThatExistsIsNotReported(String sample) {
        assertThat(SAMPLE.unknownTests(lines(sample))).isEmpty();
    }

    @Test
    void linkThatLeadsNowhereIsReported() {
        List<String> broken =
                Documents.brokenLinks(
                        ROOT.resolve("README.md"),
                        "[a](docs/guarantees.md#tokens) [b](docs/gone.md)"
                                + " [c](https://example.org)");

        assertThat(broken).containsExactly("docs/gone.md");
    }

    private static String lines(String sample) {
        return sample.replace("//", System.lineSeparator());
    }
}
