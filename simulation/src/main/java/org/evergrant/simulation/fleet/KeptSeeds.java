package org.evergrant.simulation.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The seeds that once broke a rule, one a line; what follows a {@code #} is a comment. */
final class KeptSeeds {
    private static final String NAME = "failing-seeds.txt";

    private KeptSeeds() {}

    /** Returns those that came with the classes. */
    static List<Long> all() {
        try (InputStream in = KeptSeeds.class.getResourceAsStream(NAME)) {
            if (in == null) {
                throw new IllegalStateException("no " + NAME + " beside " + KeptSeeds.class);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static List<Long> parse(String text) {
        return text.lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    /** Appends a seed to {@code file}, unless it is there. */
    static void keep(Path file, Outcome outcome) {
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            long seed = outcome.plan().seed();
            if (!parse(text).contains(seed)) {
                String line = seed + "  # " + outcome.tally().broken().keySet() + "\n";
                Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
