package org.evergrant.seal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.evergrant.MisconfiguredException;

/** The file of one key. */
final class KeyFile {
    private static final int MOST_BYTES = 4096;
    private static final Set<PosixFilePermission> OURS =
            PosixFilePermissions.fromString("rw-------");

    /**
     * The group may read, because that is how an orchestrator gives a secret to a process that is
     * not root.
     */
    private static final Set<PosixFilePermission> REFUSED =
            EnumSet.of(
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private KeyFile() {}

    static String read(Path file) {
        try {
            return checked(file);
        } catch (NoSuchFileException gone) {
            throw new MisconfiguredException(
                    "the key file "
                            + file
                            + " is gone (expected: the key that the store was sealed with; put it"
                            + " back, or delete the store to begin anew)");
        } catch (IOException unreadable) {
            throw failed("read", file, unreadable);
        }
    }

    static String readOrCreate(Path file, Supplier<String> newText) {
        try {
            return checked(file);
        } catch (NoSuchFileException none) {
            create(file, newText.get());
            return read(file);
        } catch (IOException unreadable) {
            throw failed("read", file, unreadable);
        }
    }

    /**
     * Makes the file, whole or not at all: the text is written beside it, forced to the disk, and
     * linked to the name, which only one process can do. The others find its file.
     *
     * <p>Where the file system has no hard links the file is written in place: a crash in the
     * middle then leaves a file that is refused because it has no key.
     */
    private static void create(Path file, String text) {
        Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            write(draft, text);
            try {
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException another) {
                throw another;
            } catch (UnsupportedOperationException | IOException noLinks) {
                write(file, text);
            } finally {
                Files.deleteIfExists(draft);
            }
            forceFolderOf(file.toAbsolutePath());
        } catch (FileAlreadyExistsException another) {
            // Another process was faster; its key is the key.
            return;
        } catch (IOException failure) {
            throw failed("make", file, failure);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Set<StandardOpenOption> create =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, create, mode(file))) {
            ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Windows has no such modes; there the folder's own access list holds. */
    private static FileAttribute<?>[] mode(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OURS)}
                : new FileAttribute<?>[0];
    }

    /** Makes the new name survive a power cut, where the system lets a folder be forced. */
    private static void forceFolderOf(Path file) {
        Path folder = file.getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException notHere) {
            // Windows refuses to open a folder; its file system journals names by itself.
            return;
        }
    }

    private static String checked(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null) {
            Set<PosixFilePermission> found = view.readAttributes().permissions();
            if (found.stream().anyMatch(REFUSED::contains)) {
                throw new MisconfiguredException(
                        "the key file "
                                + file
                                + " has mode "
                                + PosixFilePermissions.toString(found)
                                + " (expected: rw-------; chmod 600, and think about a new key)");
            }
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }

    private static MisconfiguredException failed(String verb, Path file, IOException failure) {
        return new MisconfiguredException(
                "cannot "
                        + verb
                        + " the key file "
                        + file
                        + ": "
                        + failure.getClass().getSimpleName()
                        + " (expected: a file that this user can "
                        + verb
                        + ")",
                failure);
    }
}
