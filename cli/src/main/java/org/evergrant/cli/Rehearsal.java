package org.evergrant.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

/**
 * Runs the short commands once, in one process, while the JVM records what they load and link. The
 * launcher does this after a build and keeps the recording (the AOT cache), so that later starts
 * skip that work. What is not rehearsed still works; it is only slower to start.
 */
final class Rehearsal {
    private static final List<String[]> COMMANDS =
            List.of(args("--version"), args("--help"), args("--no-such-option"));

    private Rehearsal() {}

    public static void main(String[] args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream())) {
            System.setOut(nowhere);
            System.setErr(nowhere);
            COMMANDS.forEach(Main::run);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        System.exit(0);
    }

    private static String[] args(String... args) {
        return args;
    }
}
