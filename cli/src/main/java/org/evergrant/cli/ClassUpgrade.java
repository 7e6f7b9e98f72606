package org.evergrant.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites classes in the format of Java 5 or older (all of picocli) to that of Java 8, jar by jar.
 * The AOT cache leaves such old classes out, because they are verified in another way; picocli
 * alone then takes half of the start-up time. The launcher runs this on its own copy of the jars.
 */
final class ClassUpgrade {
    /** The first format whose classes the AOT cache takes: Java 6. */
    private static final int OLDEST_CACHEABLE = 50;

    private ClassUpgrade() {}

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            upgrade(Path.of(jar));
        }
    }

    /** Rewrites the jar if it has such classes; true if it had. */
    static boolean upgrade(Path path) throws IOException {
        Path rewritten = path.resolveSibling(path.getFileName() + ".new");
        try (JarFile jar = new JarFile(path.toFile())) {
            if (!hasOldClasses(jar)) {
                return false;
            }
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(rewritten))) {
                for (ZipEntry entry : jar.stream().toList()) {
                    byte[] bytes = jar.getInputStream(entry).readAllBytes();
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    out.write(isOld(entry, bytes) ? inNewFormat(bytes, jar) : bytes);
                }
            }
        }
        Files.move(rewritten, path, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    private static boolean hasOldClasses(JarFile jar) throws IOException {
        for (ZipEntry entry : jar.stream().toList()) {
            if (entry.getName().endsWith(".class")) {
                try (var in = jar.getInputStream(entry)) {
                    if (isOld(entry, in.readNBytes(8))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean isOld(ZipEntry entry, byte[] bytes) {
        // u4 magic, u2 minor version, u2 major version
        return entry.getName().endsWith(".class")
                && bytes.length >= 8
                && (((bytes[6] & 0xff) << 8) | (bytes[7] & 0xff)) < OLDEST_CACHEABLE;
    }

    private static byte[] inNewFormat(byte[] old, JarFile jar) {
        // A new constant pool, because methods that may keep the old one are copied as they are,
        // without the stack maps that the new format asks for.
        ClassFile format =
                ClassFile.of(
                        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                        ClassFile.ConstantPoolSharingOption.NEW_POOL,
                        ClassFile.ClassHierarchyResolverOption.of(hierarchyIn(jar)));
        return format.transformClass(
                format.parse(old),
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen(
                                ClassTransform.endHandler(builder ->
                                        builder.withVersion(ClassFile.JAVA_8_VERSION, 0))));
    }

    /** Finds supertypes in the jar itself, then in the JDK. */
    private static ClassHierarchyResolver hierarchyIn(JarFile jar) {
        return ClassHierarchyResolver.ofResourceParsing(
                        (ClassDesc type) -> {
                            String descriptor = type.descriptorString();
                            String name = descriptor.substring(1, descriptor.length() - 1);
                            ZipEntry entry = jar.getEntry(name + ".class");
                            try {
                                return entry == null ? null : jar.getInputStream(entry);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                .orElse(ClassHierarchyResolver.defaultResolver());
    }
}
