package org.evergrant.trials;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the trials start a JVM of their own class path: quickly rather than fast. */
final class JavaProcess {
    private JavaProcess() {}

    static ProcessBuilder of(Class<?> main, String... args) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:+UseSerialGC");
        line.add("-XX:TieredStopAtLevel=1");
        line.add("--enable-native-access=ALL-UNNAMED");
        line.add("--sun-misc-unsafe-memory-access=allow");
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(main.getName());
        line.addAll(List.of(args));
        return new ProcessBuilder(line);
    }
}
