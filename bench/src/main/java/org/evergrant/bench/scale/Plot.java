package org.evergrant.bench.scale;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A line chart as SVG, both axes logarithmic.
 *
 * @param title above it
 * @param across what the x axis shows
 * @param up what the y axis shows
 * @param ticks on the x axis
 * @param lines each with its name, at its end
 */
record Plot(String title, String across, String up, List<Double> ticks, List<Line> lines) {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    private static final int LEFT = 90;
    private static final int RIGHT = 210;
    private static final int TOP = 60;
    private static final int BOTTOM = 70;

    /** Told apart by people who see colours otherwise too, in light and in dark. */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

    /** The y values at the ticks. */
    record Line(String name, List<Double> values) {}

    String svg() {
        StringBuilder out = new StringBuilder();
        out.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="#fff"/>
                <text x="%d" y="30" font-size="16" font-weight="bold">%s</text>
                """
                        .formatted(WIDTH, HEIGHT, LEFT, title));
        grid(out);
        for (int i = 0; i < lines.size(); i++) {
            line(out, lines.get(i), COLOURS.get(i % COLOURS.size()));
        }
        return out.append("</svg>\n").toString();
    }

    private void grid(StringBuilder out) {
        for (double tick : ticks) {
            double x = x(tick);
            mark(out, x, TOP, x, HEIGHT - BOTTOM);
            text(out, x, HEIGHT - BOTTOM + 20, "middle", number(tick));
        }
        for (double tick = least(); tick <= most(); tick *= 10) {
            double y = y(tick);
            mark(out, LEFT, y, WIDTH - RIGHT, y);
            text(out, LEFT - 8, y + 4, "end", number(tick));
        }
        text(out, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 20, "middle", across);
        out.append(
                "<text transform=\"translate(24 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>%n"
                        .formatted((TOP + HEIGHT - BOTTOM) / 2, up));
    }

    private void line(StringBuilder out, Line line, String colour) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < ticks.size(); i++) {
            double x = x(ticks.get(i));
            double y = y(line.values.get(i));
            points.append(round(x)).append(',').append(round(y)).append(' ');
            out.append(
                    "<circle cx=\"%s\" cy=\"%s\" r=\"4\" fill=\"%s\"/>%n"
                            .formatted(round(x), round(y), colour));
        }
        out.append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n"
                        .formatted(points.toString().strip(), colour));
        int last = ticks.size() - 1;
        out.append(
                "<text x=\"%s\" y=\"%s\" fill=\"%s\">%s</text>%n"
                        .formatted(
                                round(x(ticks.get(last)) + 10),
                                round(y(line.values.get(last)) + 4),
                                colour,
                                line.name));
    }

    private double x(double value) {
        double first = Math.log(ticks.get(0));
        double last = Math.log(ticks.get(ticks.size() - 1));
        return LEFT + (Math.log(value) - first) / (last - first) * (WIDTH - RIGHT - LEFT);
    }

    private double y(double value) {
        double part = Math.log(value / least()) / Math.log(most() / least());
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
    }

    /** Returns the power of ten at or below all values. */
    private double least() {
        return Math.pow(10, Math.floor(Math.log10(values().min().orElseThrow())));
    }

    private double most() {
        return Math.pow(10, Math.ceil(Math.log10(values().max().orElseThrow())));
    }

    private DoubleStream values() {
        return lines.stream().flatMap(line -> line.values.stream()).mapToDouble(value -> value);
    }

    private static void mark(StringBuilder out, double x, double y, double toX, double toY) {
        out.append(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"#ddd\"/>%n"
                        .formatted(round(x), round(y), round(toX), round(toY)));
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String text) {
        out.append(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>%n"
                        .formatted(round(x), round(y), anchor, text));
    }

    private static String number(double value) {
        return value >= 1
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%s", value);
    }

    private static String round(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
