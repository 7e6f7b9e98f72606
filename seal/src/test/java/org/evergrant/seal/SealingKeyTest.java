package org.evergrant.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.evergrant.MisconfiguredException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealingKeyTest {
    private static final byte[] PLAIN = "a token".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HERE = "here".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ELSEWHERE = "elsewhere".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;

    @Test
    void whatWasSealedOpensUnderTheSameKeyAndContext() {
        SealingKey key = newKey();

        byte[] sealed = key.seal(PLAIN, HERE);

        assertThat(key.open(sealed, HERE)).isEqualTo(PLAIN);
    }

    @Test
    void theSameBytesAreNeverSealedTheSameWay() {
        SealingKey key = newKey();
        Set<String> seen = new HashSet<>();

        for (int i = 0; i < 1000; i++) {
            assertThat(seen.add(Arrays.toString(key.seal(PLAIN, HERE)))).isTrue();
        }
    }

    @Test
    void anotherContextDoesNotOpen() {
        SealingKey key = newKey();
        byte[] sealed = key.seal(PLAIN, HERE);

        assertThatThrownBy(() -> key.open(sealed, ELSEWHERE))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("belong elsewhere");
    }

    @Test
    void anotherKeyIsNamedBesideTheOneItWasSealedWith() {
        SealingKey right = newKey();
        SealingKey wrong = SealingKey.fromText(SealingKey.newText(), "EVERGRANT_KEY");
        byte[] sealed = right.seal(PLAIN, HERE);

        assertThatThrownBy(() -> wrong.open(sealed, HERE))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("sealed with the key " + right.id())
                .hasMessageContaining("EVERGRANT_KEY has the key " + wrong.id());
    }

    @Test
    void everyChangedBitAndEveryCutIsRefused() {
        SealingKey key = newKey();
        byte[] sealed = key.seal(PLAIN, HERE);

        for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThatThrownBy(() -> key.open(changed, HERE))
                    .isInstanceOf(MisconfiguredException.class);
        }
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> key.open(cut, HERE))
                    .isInstanceOf(MisconfiguredException.class);
        }
    }

    @Test
    void aKeyMadeInAFileIsThereTheNextTime() throws IOException {
        Path file = folder.resolve("store.key");

        SealingKey made = SealingKey.inFile(file);

        assertThat(SealingKey.inFile(file).id()).isEqualTo(made.id());
        assertThat(SealingKey.fromFile(file).open(made.seal(PLAIN, HERE), HERE)).isEqualTo(PLAIN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void threadsThatMakeTheSameFileAgreeOnOneKey() throws Exception {
        int threads = 20;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 20; round++) {
                Path file = folder.resolve("key" + round);
                CyclicBarrier start = new CyclicBarrier(threads);
                Callable<String> make =
                        () -> {
                            start.await();
                            return SealingKey.inFile(file).id();
                        };
                Set<String> ids = new HashSet<>();
                for (Future<String> id : pool.invokeAll(Collections.nCopies(threads, make))) {
                    ids.add(id.get());
                }
                assertThat(ids).as("keys in round %s", round).hasSize(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aKeyFileThatIsGoneIsNamed() {
        Path file = folder.resolve("gone.key");

        assertThatThrownBy(() -> SealingKey.fromFile(file))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("put it back");
        assertThat(file).doesNotExist();
    }

    @Test
    void aFolderThatIsMissingIsAClearError() {
        Path file = folder.resolve("missing").resolve("store.key");

        assertThatThrownBy(() -> SealingKey.inFile(file))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("cannot make the key file " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw----r--", "rw-----w-"})
    void aKeyFileOpenToOthersIsRefused(String mode) throws IOException {
        Path file = folder.resolve("open.key");
        SealingKey.inFile(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThatThrownBy(() -> SealingKey.fromFile(file))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("has mode " + mode);
        assertThatThrownBy(() -> SealingKey.inFile(file))
                .isInstanceOf(MisconfiguredException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "r--r-----"})
    void aKeyFileMountedByAnOrchestratorIsTaken(String mode) throws IOException {
        Path file = folder.resolve("mounted.key");
        String id = SealingKey.inFile(file).id();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(SealingKey.fromFile(file).id()).isEqualTo(id);
    }

    @Test
    void whiteSpaceAroundAKeyDoesNotMatter() {
        String text = SealingKey.newText();

        assertThat(SealingKey.fromText(" \n" + text + "\r\n", "a test").id())
                .isEqualTo(SealingKey.fromText(text, "a test").id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c2VjcmV0",
                "evergrant-key-1:",
                "evergrant-key-1:c2VjcmV0",
                "evergrant-key-1:§§§",
                "evergrant-key-2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            })
    void aTextThatIsNoKeyIsRefusedAndNotQuoted(String text) {
        assertThatThrownBy(() -> SealingKey.fromText(text, "EVERGRANT_KEY"))
                .isInstanceOf(MisconfiguredException.class)
                .hasNoCause()
                .hasMessageContaining("no key in EVERGRANT_KEY")
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void aKeyDoesNotPrintItself() {
        String text = SealingKey.newText();

        String printed = SealingKey.fromText(text, "EVERGRANT_KEY").toString();

        assertThat(printed).matches("SealingKey\\[[0-9a-f]{8} from EVERGRANT_KEY]");
    }

    private static SealingKey newKey() {
        return SealingKey.fromText(SealingKey.newText(), "a test");
    }
}
