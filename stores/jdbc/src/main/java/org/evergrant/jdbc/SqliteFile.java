package org.evergrant.jdbc;

import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.jspecify.annotations.Nullable;

/** The database's file and the folder it lies in. */
final class SqliteFile {
    private static final String FILE_MODE = "rw-------";
    private static final String FOLDER_MODE = "rwx------";
    private static final Set<PosixFilePermission> REFUSED =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private final Path path;

    private SqliteFile(Path path) {
        this.path = path;
    }

    /**
     * Returns the file at {@code named}, with every link on the way followed: whoever opens the
     * same database must find the same key beside it.
     */
    static SqliteFile at(Path named) {
        Path path = named.toAbsolutePath().normalize();
        if (path.toString().indexOf('?') >= 0) {
            // The driver reads what follows as settings.
            throw new MisconfiguredException("the store " + path + " (expected: a name without ?)");
        }
        if (Files.isDirectory(path)) {
            throw new MisconfiguredException(
                    "the store " + path + " is a folder (expected: a file in it)");
        }
        try {
            createIn(path);
            return new SqliteFile(path.toRealPath());
        } catch (IOException failure) {
            throw SqliteFailures.of(path, failure);
        }
    }

    Path path() {
        return path;
    }

    /** Returns the file that holds the key, unless another key was given. */
    Path keyPath() {
        return path.resolveSibling(path.getFileName() + ".key");
    }

    /**
     * Makes an empty file if there is none, and refuses one that is open to everybody or cannot be
     * written. SQLite would open the latter for reading; and as long as one connection of a process
     * has it like that, so have all, also once it can be written again.
     */
    void prepare() {
        try {
            createIn(path);
            refuseOpenToOthers();
            refuseReadOnly();
        } catch (IOException failure) {
            throw SqliteFailures.of(path, failure);
        }
    }

    /**
     * Returns what tells this file from another one under the same name; null when there is no
     * file, or no way to tell.
     */
    @Nullable Object identity() {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException gone) {
            return null;
        } catch (IOException unreadable) {
            throw SqliteFailures.of(path, unreadable);
        }
    }

    /**
     * Makes the file before SQLite does: SQLite would give it the mode that the umask leaves, and
     * gives its two companions the mode of the file.
     */
    private static void createIn(Path path) throws IOException {
        if (Files.exists(path)) {
            return;
        }
        Path folder = path.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder, mode(path, FOLDER_MODE));
        }
        try {
            Files.createFile(path, mode(path, FILE_MODE));
        } catch (FileAlreadyExistsException another) {
            // Another process was faster, and makes it the same way.
            return;
        }
    }

    private static FileAttribute<?>[] mode(Path path, String mode) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
                }
                : new FileAttribute<?>[0];
    }

    private void refuseReadOnly() {
        for (String companion : List.of("", "-wal", "-shm")) {
            Path file = path.resolveSibling(path.getFileName() + companion);
            if (isReadOnly(file)) {
                throw new StoreException(
                        "the store "
                                + path
                                + " cannot be written: "
                                + file.getFileName()
                                + " is read-only (expected: that this user may write it)");
            }
        }
    }

    /** Asked at once: the companions come and go with the connections of other processes. */
    private static boolean isReadOnly(Path file) {
        try {
            file.getFileSystem().provider().checkAccess(file, AccessMode.WRITE);
            return false;
        } catch (NoSuchFileException none) {
            return false;
        } catch (IOException denied) {
            return true;
        }
    }

    private void refuseOpenToOthers() throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> found = view.readAttributes().permissions();
        if (found.stream().anyMatch(REFUSED::contains)) {
            throw new MisconfiguredException(
                    "the store "
                            + path
                            + " has mode "
                            + PosixFilePermissions.toString(found)
                            + " (expected: "
                            + FILE_MODE
                            + ", or nothing for others; chmod o= it)");
        }
    }
}
