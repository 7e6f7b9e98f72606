package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;
import static org.evergrant.jdbc.Samples.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.evergrant.AppId;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The database's file, its mode, its key, and what may lie there instead. */
@ExtendWith(NothingLeft.class)
class SqliteFileTest {
    @TempDir Path folder;
    private Path file = Path.of("");
    private Path key = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("evergrant.db");
        key = folder.resolve("evergrant.db.key");
    }

    @Test
    void companionThatComesAndGoesIsNotTakenForOneThatIsReadOnly() throws Exception {
        SqliteStore.open(file).close();
        SqliteFile prepared = SqliteFile.at(file);
        Path wal = folder.resolve("evergrant.db-wal");
        AtomicBoolean over = new AtomicBoolean();
        Thread others =
                new Thread(() -> {
                    while (!over.get()) {
                        comeAndGo(wal);
                    }
                });
        others.start();

        try {
            for (int i = 0; i < 20_000; i++) {
                prepared.prepare();
            }
        } finally {
            over.set(true);
            others.join();
        }
    }

    private static void comeAndGo(Path path) {
        try {
            Files.createFile(path);
            Files.delete(path);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void everyFileIsForItsOwnerAlone() throws IOException {
        Path outer = folder.resolve("state");
        Path inner = outer.resolve("evergrant");
        Path deep = inner.resolve("evergrant.db");
        try (SqliteStore store = SqliteStore.open(deep)) {
            store.cas(ZOOM, 0, record(1));

            try (Stream<Path> files = Files.list(inner)) {
                assertThat(files)
                        .extracting(path -> path.getFileName() + " " + mode(path))
                        .containsExactlyInAnyOrder(
                                "evergrant.db rw-------",
                                "evergrant.db-wal rw-------",
                                "evergrant.db-shm rw-------",
                                "evergrant.db.key rw-------");
            }
            assertThat(mode(inner)).isEqualTo("rwx------");
            assertThat(mode(outer)).isEqualTo("rwx------");
        }
    }

    @Test
    void noTokenLiesReadableOnTheDisk() throws IOException {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.cas(ZOOM, 0, record(1));

            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files)
                        .hasSize(4)
                        .allSatisfy(path ->
                                assertThat(content(path))
                                        .doesNotContain(NothingLeft.CANARY)
                                        .doesNotContain("bearer"));
            }
        }
    }

    @Test
    void aFileOpenToEverybodyIsRefused() throws IOException {
        make();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("has mode rw-r--r-- (expected: rw-------");
    }

    @Test
    void aFileSharedWithAGroupIsTaken() throws IOException {
        make();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));

        try (SqliteStore store = SqliteStore.open(file)) {
            assertThat(store.read(ZOOM).version()).isEqualTo(1);
        }
    }

    @Test
    void aMissingKeyIsNamedAndNotMadeAnew() throws IOException {
        make();
        Files.delete(key);

        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("the key file " + key + " is gone")
                .hasMessageContaining("put it back, or delete the store");
        assertThat(key).doesNotExist();
    }

    @Test
    void aKeyLeftByACrashBeforeTheDatabaseWasMadeIsTaken() throws IOException {
        String id = SealingKey.inFile(key).id();
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));

        make();

        assertThat(SealingKey.fromFile(key).id()).isEqualTo(id);
    }

    @Test
    void anotherKeyInTheFileIsNamed() throws IOException {
        make();
        String right = SealingKey.fromFile(key).id();
        Files.delete(key);
        String wrong = SealingKey.inFile(key).id();

        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("the store " + file + " does not open")
                .hasMessageContaining("sealed with the key " + right)
                .hasMessageContaining("has the key " + wrong);
    }

    @Test
    void aGivenKeyNeedsNoFile() {
        String text = SealingKey.newText();
        try (SqliteStore store = SqliteStore.open(file, SealingKey.fromText(text, "a test"))) {
            store.cas(ZOOM, 0, record(1));
        }

        try (SqliteStore store = SqliteStore.open(file, SealingKey.fromText(text, "a test"))) {
            assertThat(store.read(ZOOM).record()).isEqualTo(record(1));
        }
        assertThat(key).doesNotExist();
    }

    @Test
    void aDatabaseOfAnotherProgramIsRefusedAndLeftAlone() throws Exception {
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        sql(file, "CREATE TABLE music (title TEXT)");
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("of another program");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(key).doesNotExist();
    }

    @Test
    void aNewerSchemaIsNamed() throws SQLException {
        make();
        sql(file, "PRAGMA user_version = 7");

        assertThatThrownBy(() -> SqliteStore.open(file))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("newer Evergrant (schema 7); this one reads 1");
    }

    @Test
    void aRecordOfANewerFormatIsNamed() throws SQLException {
        make();
        sql(file, "UPDATE record SET bytes = CAST(x'02' || substr(bytes, 2) AS BLOB)");

        try (SqliteStore store = SqliteStore.open(file)) {
            assertThatThrownBy(() -> store.read(ZOOM))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("newer Evergrant (format 2)");
        }
    }

    @Test
    void aRecordCopiedUnderAnotherAppDoesNotOpen() throws SQLException {
        make();
        sql(file, "UPDATE record SET app = 'webex'");

        try (SqliteStore store = SqliteStore.open(file)) {
            assertThatThrownBy(() -> store.read(AppId.of("webex")))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("belong elsewhere");
        }
    }

    @Test
    void aLinkLeadsToTheSameKey() throws IOException {
        make();
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), file);

        try (SqliteStore store = SqliteStore.open(link)) {
            assertThat(store.read(ZOOM).version()).isEqualTo(1);
        }
        assertThat(folder.resolve("link.db.key")).doesNotExist();
    }

    @Test
    void namesThatCannotBeAFileAreRefused() {
        assertThatThrownBy(() -> SqliteStore.open(folder))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("is a folder");
        assertThatThrownBy(() -> SqliteStore.open(folder.resolve("a?mode=memory")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("a name without ?");
    }

    @Test
    void aFolderThatCannotBeMadeIsAClearError() throws IOException {
        Files.createFile(file);

        assertThatThrownBy(() -> SqliteStore.open(file.resolve("below").resolve("a.db")))
                .isInstanceOfAny(MisconfiguredException.class, StoreException.class)
                .hasMessageContaining("cannot be made");
    }

    @Test
    void aDeletedFileIsNoticedAndEverybodyMeetsInTheNewOne() throws IOException {
        try (SqliteStore one = SqliteStore.open(file);
                SqliteStore other = SqliteStore.open(file)) {
            one.cas(ZOOM, 0, record(1));
            other.cas(ZOOM, 1, record(2));
            deleteDatabase();

            assertThat(one.read(ZOOM)).isEqualTo(new Store.Versioned(0, AppRecord.EMPTY));
            assertThat(other.cas(ZOOM, 2, record(3))).isFalse();
            assertThat(other.cas(ZOOM, 0, record(4))).isTrue();

            assertThat(one.read(ZOOM).record()).isEqualTo(record(4));
            assertThat(one.cas(ZOOM, 0, record(5))).isFalse();
        }
    }

    @Test
    void aFilePutBackAfterGarbageIsTaken() throws IOException {
        make();
        byte[] copy = Files.readAllBytes(file);
        try (SqliteStore store = SqliteStore.open(file)) {
            assertThat(store.read(ZOOM).version()).isEqualTo(1);
            replace("garbage ".repeat(1000).getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> store.read(ZOOM))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("is damaged or no SQLite database (SQLITE_NOTADB");

            replace(copy);

            assertThat(store.read(ZOOM).record()).isEqualTo(record(1));
        }
    }

    private void make() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.cas(ZOOM, 0, record(1));
        }
    }

    private void deleteDatabase() throws IOException {
        Files.delete(file);
        Files.delete(Path.of(file + "-wal"));
        Files.delete(Path.of(file + "-shm"));
    }

    private void replace(byte[] content) throws IOException {
        Path other = folder.resolve("other");
        Files.write(other, content);
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
        Files.deleteIfExists(Path.of(file + "-wal"));
        Files.deleteIfExists(Path.of(file + "-shm"));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException gone) {
            return gone.toString();
        }
    }

    private static String content(Path path) throws IOException {
        return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
    }
}
