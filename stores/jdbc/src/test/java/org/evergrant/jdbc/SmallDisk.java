package org.evergrant.jdbc;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of 16 MB, soon full. Only root can mount one. */
final class SmallDisk {
    private final Path root;
    private final Path filler;

    private SmallDisk(Path root) {
        this.root = root;
        this.filler = root.resolve("filler");
    }

    /** Mounts one, or says why it cannot be done. */
    static SmallDisk mount(Path root) throws IOException, InterruptedException {
        run("mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", root.toString());
        return new SmallDisk(root);
    }

    /** Fills it to the last byte. */
    void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (root.toFile().getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(filler);
    }

    void unmount() throws IOException, InterruptedException {
        run("umount", root.toString());
    }

    /** Lets this process make no file longer, or lets it again. */
    static void limitFiles(boolean limited) throws IOException, InterruptedException {
        String pid = Long.toString(ProcessHandle.current().pid());
        run("prlimit", "--pid", pid, "--fsize=" + (limited ? "1" : "unlimited") + ":unlimited");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(List.of(command) + ": " + said);
        }
    }
}
