package org.evergrant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.evergrant.testkit.FakeTime;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * Production code with a fault planted in it: classes of {@code org.evergrant}, compiled from their
 * own source with one piece of text replaced by another.
 */
final class Planted {
    private static final Path SOURCES = Path.of("../core/src/main/java/org/evergrant");

    /** On the class path of the tests: Lincheck asks the system's class loader for all classes. */
    private static final Path RENAMED = Path.of("target/planted");

    private static final String OURS = "org/evergrant/";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path folder;

    private Planted(Path folder) {
        this.folder = folder;
    }

    /**
     * Returns the code with the fault.
     *
     * @param folder an empty one, for the changed source and classes
     * @param text what the source has exactly once
     */
    static Planted fault(Path folder, String className, String text, String fault) {
        return new Planted(folder).and(className, text, fault);
    }

    /** Returns the code with one more fault. */
    Planted and(String className, String text, String fault) {
        try {
            Path changed = folder.resolve(className + ".java");
            Path file = Files.exists(changed) ? changed : SOURCES.resolve(className + ".java");
            String source = Files.readString(file);
            int at = source.indexOf(text);
            if (at < 0 || source.indexOf(text, at + 1) >= 0) {
                throw new AssertionError(className + " does not have exactly once: " + text);
            }
            Files.writeString(changed, source.replace(text, fault));
            compile(changed);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns where the changed classes are. */
    Path classes() {
        return folder;
    }

    /**
     * Returns {@code stage} as it is when it finds the changed classes instead of the real ones.
     * All our classes are copied under names of their own for it: Lincheck keeps what it knows of a
     * class by the name.
     */
    Class<?> seenBy(Class<?> stage) {
        String prefix = "planted" + NUMBER.incrementAndGet() + "/";
        try {
            for (Class<?> one : List.of(App.class, FakeTime.class, stage)) {
                rename(
                        Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()),
                        prefix);
            }
            rename(folder, prefix);
            return Class.forName(prefix.replace('/', '.') + stage.getName());
        } catch (IOException | URISyntaxException | ClassNotFoundException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void rename(Path folderOrJar, String prefix) throws IOException {
        if (Files.isDirectory(folderOrJar)) {
            renameBelow(folderOrJar, prefix);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(folderOrJar)) {
                renameBelow(jar.getPath("/"), prefix);
            }
        }
    }

    private static void renameBelow(Path root, String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(OURS))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
                ClassWriter writer = new ClassWriter(0);
                ClassReader reader = new ClassReader(Files.readAllBytes(file));
                reader.accept(new ClassRemapper(writer, names(prefix)), 0);
                Path renamed = RENAMED.resolve(prefix + root.relativize(file));
                Files.createDirectories(renamed.getParent());
                Files.write(renamed, writer.toByteArray());
            }
        }
    }

    private static Remapper names(String prefix) {
        return new Remapper(Opcodes.ASM9) {
            @Override
            public String map(String name) {
                return name.startsWith(OURS) ? prefix + name : name;
            }
        };
    }

    private void compile(Path source) {
        String[] arguments = {
            "-proc:none",
            "-nowarn",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString(),
            source.toString()
        };
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments) != 0) {
            throw new AssertionError("the fault in " + source + " does not compile");
        }
    }
}
