package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ClassUpgradeTest {
    @TempDir Path folder;

    @Test
    void everyOldClassOfPicocliStillVerifies() throws Exception {
        Path jar = picocli();

        boolean upgraded = ClassUpgrade.upgrade(jar);

        assertThat(upgraded).isTrue();
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
                JarFile entries = new JarFile(jar.toFile())) {
            for (String name : classes(entries)) {
                byte[] bytes =
                        entries.getInputStream(entries.getEntry(name + ".class")).readAllBytes();
                assertThat(ClassFile.of().parse(bytes).majorVersion()).isGreaterThanOrEqualTo(50);
                // Initializing makes the JVM verify it.
                Class.forName(name.replace('/', '.'), true, loader);
            }
        }
    }

    @Test
    void jarInTheNewFormatIsLeftAlone() throws Exception {
        Path jar = picocli();
        ClassUpgrade.upgrade(jar);
        byte[] before = Files.readAllBytes(jar);

        boolean upgraded = ClassUpgrade.upgrade(jar);

        assertThat(upgraded).isFalse();
        assertThat(Files.readAllBytes(jar)).isEqualTo(before);
    }

    private Path picocli() throws Exception {
        var source = CommandLine.class.getProtectionDomain().getCodeSource().getLocation();
        return Files.copy(Path.of(source.toURI()), folder.resolve("picocli.jar"));
    }

    private static Iterable<String> classes(JarFile jar) {
        return jar.stream()
                .map(e -> e.getName())
                .filter(n -> n.startsWith("picocli/") && n.endsWith(".class"))
                .map(n -> n.substring(0, n.length() - ".class".length()))
                .toList();
    }
}
