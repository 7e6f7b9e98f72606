package org.evergrant.simulation.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.DurationText;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Trouble;

/** Tells the last lines of a {@link Trace} so that one can follow them. */
final class Story {
    private Story() {}

    static String of(List<Trace.Line> lines) {
        StringBuilder story = new StringBuilder();
        for (Trace.Line line : lines) {
            story.append(when(line.at()));
            story.append(line.machine() == Trace.NONE ? "" : "node " + line.machine() + " ");
            story.append(said(line));
            if (line.detail() != null) {
                story.append(' ').append(detail(line.detail()));
            }
            story.append('\n');
        }
        return story.toString();
    }

    private static String said(Trace.Line line) {
        String words = line.what().words();
        return words.contains("%s")
                ? String.format(Locale.ROOT, words, span(line.value()))
                : String.format(Locale.ROOT, words, line.value());
    }

    private static String when(long at) {
        return String.format(
                Locale.ROOT,
                "day %2d %02d:%02d:%06.3f  ",
                at / Span.DAY,
                at % Span.DAY / Span.HOUR,
                at % Span.HOUR / Span.MINUTE,
                at % Span.MINUTE / (double) Span.SECOND);
    }

    static String span(long nanos) {
        Duration span = Duration.ofNanos(nanos);
        return (span.isNegative() ? "-" : "")
                + DurationText.format(Duration.ofMillis(Math.abs(span.toMillis())));
    }

    private static String detail(Object detail) {
        if (detail instanceof AppRecord record) {
            return record(record);
        }
        if (detail instanceof Minter.Minted) {
            return "a token";
        }
        if (detail instanceof Minter.NotMinted refused) {
            return "surely nothing, " + refused.kind().word();
        }
        if (detail instanceof Minter.Doubtful doubtful) {
            return "nobody can tell, " + doubtful.detail();
        }
        return detail.toString();
    }

    private static String record(AppRecord record) {
        StringJoiner parts = new StringJoiner("; ");
        for (Token token : record.tokens()) {
            String value = token.value().reveal();
            parts.add(
                    (value.isEmpty() ? "unseen" : "#" + value.substring(value.indexOf('.') + 1))
                            + " at index "
                            + token.index()
                            + " "
                            + token.standing().name().toLowerCase(Locale.ROOT)
                            + ", promised until "
                            + at(token.promisedUntil()));
        }
        Claim claim = record.claim();
        if (claim != null) {
            parts.add(
                    (claim.forced() ? "forced " : "")
                            + (claim.contested() ? "contested " : "")
                            + "claim at "
                            + claim.index()
                            + " until "
                            + at(claim.until()));
        }
        Trouble trouble = record.trouble();
        if (trouble != null) {
            parts.add("trouble " + trouble.kind().word() + " until " + at(trouble.retryAt()));
        }
        if (record.learned() != null) {
            parts.add("learned " + record.learned().seen());
        }
        return parts.length() == 0 ? "empty" : parts.toString();
    }

    private static String at(Instant instant) {
        return when(Duration.between(SharedStore.BEGINNING, instant).toNanos()).strip();
    }
}
