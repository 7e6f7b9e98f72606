package org.evergrant.trials;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the trials start a JVM of their own class path: quickly rather than fast. */
final class JavaProcess {
    private JavaProcess() {}

    /** Where Debian puts it, which {@code servers/prepare} asks for. */
    private static final List<Path> FAKETIME =
            List.of(
                    Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
                    Path.of("/usr/lib/faketime/libfaketime.so.1"));

    /** Gives a process a clock that is ahead of this machine's. Its monotonic clock is not. */
    static ProcessBuilder ahead(Duration ahead, ProcessBuilder process) {
        if (ahead.isZero()) {
            return process;
        }
        Path library =
                FAKETIME.stream()
                        .filter(Files::isReadable)
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "no libfaketime (expected: the Debian package faketime;"
                                                + " servers/prepare installs it)"));
        Map<String, String> environment = process.environment();
        environment.put("LD_PRELOAD", library.toString());
        environment.put("FAKETIME", "+" + ahead.toSeconds() + "s");
        environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        // Else each wait of the JVM ends at once, and its threads spin.
        environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        return process;
    }

    static ProcessBuilder of(Class<?> main, String... args) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:+UseSerialGC");
        line.add("-XX:TieredStopAtLevel=1");
        line.add("-Xmx128m");
        line.add("-Dio.lettuce.core.jfr=false");
        line.add("--enable-native-access=ALL-UNNAMED");
        line.add("--sun-misc-unsafe-memory-access=allow");
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(main.getName());
        line.addAll(List.of(args));
        return new ProcessBuilder(line);
    }
}
