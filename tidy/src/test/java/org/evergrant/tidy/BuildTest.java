package org.evergrant.tidy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts and poms around the code: what a regenerated or forgotten file would break. */
final class BuildTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir Path machine;

    @Test
    void mvnwFindsTheJdk() throws IOException {
        // Regenerating the wrapper drops the line.
        assertThat(Files.readString(ROOT.resolve("mvnw"))).contains("/.mvn/jdk.sh\"");
    }

    @Test
    void bomListsEveryPublishedModule() throws IOException {
        List<String> published = new ArrayList<>();
        var modules = Pattern.compile("<module>(.*?)</module>").matcher(read("pom.xml"));
        while (modules.find()) {
            String pom = read(modules.group(1) + "/pom.xml");
            if (pom.contains("<artifactId>maven-javadoc-plugin</artifactId>")) {
                published.add(firstGroup("</parent>\\s*<artifactId>(.*?)</artifactId>", pom));
            }
        }

        String bom = read("bom/pom.xml");

        assertThat(published).contains("evergrant-core");
        assertThat(published).allSatisfy(a -> assertThat(bom).contains(">" + a + "</artifactId>"));
    }

    @Test
    void oldJavaHomeIsPassedOver() throws Exception {
        Path old = jdk("usr/lib/jvm/old", "17.0.15");
        Path fits = jdk("usr/lib/jvm/temurin-25", "25.0.3");

        Prelude prelude = prelude(old);

        assertThat(prelude.output()).isEqualTo("JAVA_HOME=" + fits + "\n");
        assertThat(prelude.code()).isZero();
    }

    @Test
    void javaHomeThatFitsComesFirst() throws Exception {
        jdk("usr/lib/jvm/temurin-25", "25.0.3");
        Path mine = jdk("home/mine", "26-ea");

        Prelude prelude = prelude(mine);

        assertThat(prelude.output()).isEqualTo("JAVA_HOME=" + mine + "\n");
    }

    @Test
    void withoutAJdkOneLineSaysWhatWasLookedFor() throws Exception {
        Path old = jdk("usr/lib/jvm/old", "17.0.15");

        Prelude prelude = prelude(old);

        assertThat(prelude.code()).isEqualTo(2);
        assertThat(prelude.output().lines())
                .singleElement()
                .asString()
                .contains("JDK 25", "JAVA_HOME", "PATH", "/usr/lib/jvm");
    }

    private record Prelude(int code, String output) {}

    /** Runs .mvn/jdk.sh as on a machine whose usual places all lie below the temporary folder. */
    private Prelude prelude(@Nullable Path javaHome) throws Exception {
        String moved =
                read(".mvn/jdk.sh")
                        .replaceAll("(?m)(?<=[ (])(?=/(usr|opt|Library)/)", machine.toString());
        Path script = Files.writeString(machine.resolve("jdk.sh"), moved);
        var builder =
                new ProcessBuilder("/bin/sh", "-uc", ". " + script + "; echo JAVA_HOME=$JAVA_HOME")
                        .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/nowhere", "HOME", machine + "/home"));
        if (javaHome != null) {
            builder.environment().put("JAVA_HOME", javaHome.toString());
        }
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return new Prelude(process.exitValue(), output);
    }

    private Path jdk(String place, String version) throws IOException {
        Path home = machine.resolve(place);
        Files.createDirectories(home.resolve("bin"));
        Path javac = Files.createFile(home.resolve("bin/javac"));
        Files.setPosixFilePermissions(javac, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private static String firstGroup(String pattern, String text) {
        var matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
