package org.evergrant.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the demo has come to.
 *
 * @param retention of all three providers
 * @param rows one for each way, in the order in which they are shown
 */
record DemoOutcome(String retention, List<Row> rows) {
    /**
     * What one way has come to.
     *
     * @param mints as the provider counted them
     * @param firstFailure what the first failed call met; empty where none failed
     */
    record Row(
            DemoWay way,
            DemoCounts counts,
            long mints,
            DemoLatencies latencies,
            String firstFailure) {
        long calls() {
            return counts.calls();
        }

        long failed() {
            return counts.failed();
        }

        /** Returns {@code 12,345 (98.7 %)}; a share that is not zero never reads as zero. */
        String failedText() {
            if (failed() == 0) {
                return "0";
            }
            double percent = Math.max(0.1, 100.0 * failed() / calls());
            return number(failed()) + String.format(Locale.ROOT, " (%.1f %%)", percent);
        }
    }

    Row row(DemoWay way) {
        return rows.stream().filter(row -> row.way() == way).findFirst().orElseThrow();
    }

    /** Returns whether the evergrant way made calls and failed none. */
    boolean isGood() {
        Row evergrant = row(DemoWay.EVERGRANT);
        return evergrant.calls() > 0 && evergrant.failed() == 0;
    }

    /** Returns the contract's JSON on one line. */
    String toJson() {
        return JsonText.object(json -> {
            json.writeStringProperty("retention", retention);
            json.writeArrayPropertyStart("ways");
            for (Row row : rows) {
                json.writeStartObject();
                json.writeStringProperty("way", row.way().word());
                json.writeNumberProperty("calls", row.calls());
                json.writeNumberProperty("failed", row.failed());
                json.writeNumberProperty("mints", row.mints());
                json.writeNumberProperty("p50_ms", row.latencies().percentileMs(0.50));
                json.writeNumberProperty("p99_ms", row.latencies().percentileMs(0.99));
                json.writeNumberProperty("max_ms", row.latencies().maxMs());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** Returns the lines of an aligned table: words to the left, numbers to the right. */
    List<String> table() {
        List<String[]> cells = new ArrayList<>();
        cells.add(
                new String[] {
                    "way", "calls", "failed calls", "mints", "p50 ms", "p99 ms", "max ms"
                });
        for (Row row : rows) {
            cells.add(
                    new String[] {
                        row.way().word(),
                        number(row.calls()),
                        row.failedText(),
                        number(row.mints()),
                        ms(row.latencies().percentileMs(0.50)),
                        ms(row.latencies().percentileMs(0.99)),
                        ms(row.latencies().maxMs())
                    });
        }
        return aligned(cells);
    }

    private static List<String> aligned(List<String[]> cells) {
        int[] widths = new int[cells.getFirst().length];
        for (String[] line : cells) {
            for (int i = 0; i < line.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (String[] line : cells) {
            StringBuilder text = new StringBuilder(line[0]);
            text.repeat(" ", widths[0] - line[0].length());
            for (int i = 1; i < line.length; i++) {
                text.append("  ").repeat(" ", widths[i] - line[i].length()).append(line[i]);
            }
            lines.add(text.toString());
        }
        return lines;
    }

    /** Returns {@code 12,345}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String ms(double ms) {
        return String.format(Locale.ROOT, ms < 100 ? "%,.1f" : "%,.0f", ms);
    }
}
