package org.evergrant.cli;

import java.io.Console;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Runs another program in this one's place: its input and output, its signals, its exit code. */
final class Foreground {
    /** What a shell answers where a command cannot be found or run. */
    private static final int CANNOT_RUN = 127;

    private Foreground() {}

    /**
     * Runs it to its end.
     *
     * @param shown what a message calls it
     */
    static int run(ProcessBuilder builder, String shown) throws InterruptedException {
        CompletableFuture<Process> child = new CompletableFuture<>();
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Signals.on(signal, () -> forward(signal, child.join()));
        }
        try {
            child.complete(builder.inheritIO().start());
        } catch (IOException failure) {
            System.err.println("evergrant: cannot run '" + shown + "'");
            return CANNOT_RUN;
        }
        return child.join().waitFor();
    }

    /** The child alone decides how to end, so that its exit code is ours. */
    private static void forward(String signal, Process child) {
        if (signal.equals("INT") && isAtTerminal()) {
            // A terminal's Ctrl-C has reached the child already; a second one often means "at
            // once".
            return;
        }
        if (signal.equals("TERM")) {
            child.destroy();
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noKill) {
            child.destroy();
        }
    }

    private static boolean isAtTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}
