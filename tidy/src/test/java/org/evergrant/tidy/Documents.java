package org.evergrant.tidy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the Markdown files name: tests and other files. A test is named by its class and method, or
 * by the method alone behind its class; in the columns of a table headed "test" or "planted bug"
 * every name is a test's, elsewhere only a class called {@code …Test}.
 */
final class Documents {
    private static final Pattern TEST_COLUMN = Pattern.compile("test|planted bug");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern NAME =
            Pattern.compile("([A-Z]\\w*)(?:\\.([a-z]\\w*))?|([a-z]\\w*)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern TEST =
            Pattern.compile(
                    "@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|FuzzTest)\\b(?:(?!\\bvoid"
                            + " |Stream<Dyn).)*+(?:void|Stream<DynamicTest>) (\\w+)\\(",
                    Pattern.DOTALL);
    private static final Pattern SUPERCLASS =
            Pattern.compile("\\bclass (\\w+)(?:<[^{]*>)?\\s+extends (\\w+)");

    /** The methods that are tests, by the simple name of their class. */
    private final Map<String, Set<String>> tests;

    private final Map<String, String> superclasses;

    Documents(Map<String, Set<String>> tests, Map<String, String> superclasses) {
        this.tests = tests;
        this.superclasses = superclasses;
    }

    /** Returns what is to be known of the sources below {@code root}. */
    static Documents of(Path root) throws IOException {
        Map<String, Set<String>> tests = new HashMap<>();
        Map<String, String> superclasses = new HashMap<>();
        for (Path source : files(root, ".java")) {
            String name = source.getFileName().toString().replace(".java", "");
            Set<String> methods = tests.computeIfAbsent(name, unknown -> new HashSet<>());
            String text = Files.readString(source);
            TEST.matcher(text).results().forEach(test -> methods.add(test.group(1)));
            Matcher superclass = SUPERCLASS.matcher(text);
            if (superclass.find() && superclass.group(1).equals(name)) {
                superclasses.put(name, superclass.group(2));
            }
        }
        return new Documents(tests, superclasses);
    }

    /** Returns the files below {@code root} that end so, but for those that a build makes. */
    static List<Path> files(Path root, String end) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(end))
                    .filter(file -> !("/" + root.relativize(file)).contains("/target/"))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the tests that {@code markdown} names and that do not exist. */
    List<String> unknownTests(String markdown) {
        List<String> unknown = new ArrayList<>();
        String inClass = "";
        List<Integer> columns = List.of();
        boolean inTable = false;
        for (String line : markdown.lines().toList()) {
            boolean row = line.startsWith("|");
            columns = row ? (inTable ? columns : testColumns(line)) : List.of();
            inTable = row;
            boolean all = !columns.isEmpty();
            Matcher code = CODE.matcher(all ? only(columns, line) : line);
            while (code.find()) {
                Matcher name = NAME.matcher(code.group(1));
                if (!name.matches() || !(all || isTestClass(name.group(1)))) {
                    continue;
                }
                inClass = name.group(1) == null ? inClass : name.group(1);
                String method = name.group(3) == null ? name.group(2) : name.group(3);
                if (!exists(inClass, method)) {
                    unknown.add(code.group(1));
                }
            }
        }
        return unknown;
    }

    private static List<Integer> testColumns(String header) {
        String[] cells = header.split("\\|", -1);
        return IntStream.range(0, cells.length)
                .filter(column -> TEST_COLUMN.matcher(cells[column].strip()).matches())
                .boxed()
                .toList();
    }

    private static String only(List<Integer> columns, String row) {
        String[] cells = row.split("\\|", -1);
        return columns.stream()
                .filter(column -> column < cells.length)
                .map(column -> cells[column])
                .collect(Collectors.joining("|"));
    }

    /** Returns the links of a Markdown file that lead to no file. */
    static List<String> brokenLinks(Path file, String markdown) {
        List<String> broken = new ArrayList<>();
        Matcher link = LINK.matcher(markdown);
        while (link.find()) {
            String target = link.group(1);
            if (!target.contains(":") && !Files.exists(file.resolveSibling(target))) {
                broken.add(target);
            }
        }
        return broken;
    }

    private boolean exists(String className, @Nullable String method) {
        Set<String> methods = tests.get(className);
        if (methods == null) {
            return false;
        }
        String superclass = superclasses.get(className);
        return method == null
                || methods.contains(method)
                || (superclass != null && exists(superclass, method));
    }

    private static boolean isTestClass(@Nullable String name) {
        return name != null && name.endsWith("Test");
    }
}
