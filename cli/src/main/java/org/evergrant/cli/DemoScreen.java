package org.evergrant.cli;

import static org.evergrant.cli.DemoOutcome.number;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Shows the demo while it runs: a panel that is drawn again and again on a terminal, elsewhere a
 * line now and then.
 */
final class DemoScreen {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final int BAR = 30;
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final String ERASE_LINE = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";

    private final PrintStream err;
    private final boolean panel;
    private final boolean colours;
    private int drawn;
    private Duration nextLine = BETWEEN_LINES;

    DemoScreen(PrintStream err, boolean panel, boolean colours) {
        this.err = err;
        this.panel = panel;
        this.colours = colours;
    }

    /** Returns the one that fits what stderr is. */
    static DemoScreen onStderr(Map<String, String> environment) {
        boolean terminal = !environment.getOrDefault("TERM", "dumb").equals("dumb") && isTerminal();
        boolean colours = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new DemoScreen(System.err, terminal, colours);
    }

    /** Java tells of stdin and stdout together only, and stdout may well go to a file. */
    private static boolean isTerminal() {
        try {
            Process test =
                    new ProcessBuilder("test", "-t", "2")
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            return test.waitFor(1, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Shows one line that stays until something else is shown. */
    void say(String line) {
        if (panel) {
            draw(List.of(line));
        } else {
            err.println(line);
        }
        err.flush();
    }

    /** Shows how it stands. */
    void show(DemoPlan plan, DemoOutcome outcome, Duration elapsed) {
        if (panel) {
            draw(panel(plan, outcome, elapsed));
        } else if (elapsed.compareTo(nextLine) >= 0) {
            nextLine = nextLine.plus(BETWEEN_LINES);
            err.println(line(plan, outcome, elapsed));
        }
        err.flush();
    }

    /** Takes the panel away. */
    void clear() {
        if (drawn > 0) {
            err.print(up() + ERASE_BELOW + WRAP);
            err.flush();
            drawn = 0;
        }
    }

    List<String> panel(DemoPlan plan, DemoOutcome outcome, Duration elapsed) {
        List<String> lines = new ArrayList<>();
        lines.add(plan.described());
        lines.add(bar(plan, elapsed));
        for (DemoOutcome.Row row : outcome.rows()) {
            String failed = String.format("%18s", row.failedText());
            lines.add(
                    String.format("  %-10s %10s calls  ", row.way().word(), number(row.calls()))
                            + (row.failed() > 0 ? red(failed) : failed)
                            + String.format(" failed %10s mints", number(row.mints())));
        }
        return lines;
    }

    private static String bar(DemoPlan plan, Duration elapsed) {
        long whole = plan.length().toMillis();
        int full = (int) (Math.clamp(elapsed.toMillis(), 0, whole) * BAR / whole);
        return "  ["
                + "#".repeat(full)
                + ".".repeat(BAR - full)
                + "] "
                + seconds(plan, elapsed)
                + " s";
    }

    private static String line(DemoPlan plan, DemoOutcome outcome, Duration elapsed) {
        StringBuilder text = new StringBuilder(seconds(plan, elapsed)).append(" s");
        for (DemoOutcome.Row row : outcome.rows()) {
            text.append("; ")
                    .append(row.way().word())
                    .append(": ")
                    .append(number(row.calls()))
                    .append(" calls, ")
                    .append(row.failedText())
                    .append(" failed, ")
                    .append(number(row.mints()))
                    .append(" mints");
        }
        return text.toString();
    }

    private static String seconds(DemoPlan plan, Duration elapsed) {
        long whole = plan.length().toSeconds();
        return Math.min(elapsed.toSeconds(), whole) + " of " + whole;
    }

    /** In one write, or the panel flickers. */
    private void draw(List<String> lines) {
        StringBuilder text = new StringBuilder(up()).append(NO_WRAP);
        for (String line : lines) {
            text.append(line).append(ERASE_LINE).append('\n');
        }
        err.print(text.append(ERASE_BELOW).append(WRAP));
        drawn = lines.size();
    }

    private String up() {
        return drawn == 0 ? "" : "\u001b[" + drawn + "F";
    }

    private String red(String text) {
        return colours ? "\u001b[31m" + text + "\u001b[0m" : text;
    }
}
