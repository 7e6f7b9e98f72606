package org.evergrant.simulation.fleet;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that happens, line by line: all of it goes into one digest, and the last lines of each
 * app are kept for a {@link Story}. The same seed gives the same lines, byte for byte, so nothing
 * that differs from run to run, such as the id of a node, goes into one.
 */
final class Trace {
    /** An app's number in lines that are about all of them, and a machine's in lines about none. */
    static final int NONE = -1;

    private static final int KEPT = 160;
    private static final int BYTES = 2 * Integer.BYTES + 3 * Long.BYTES + Byte.BYTES;

    /** So many lines go into the digest at a time, because a call for each would cost more. */
    private static final int AT_A_TIME = 512;

    /**
     * One line.
     *
     * @param detail for the story only
     */
    record Line(
            long number,
            long at,
            int app,
            int machine,
            Happening what,
            long value,
            @Nullable Object detail) {}

    private final Agenda agenda;
    private final MessageDigest digest = sha256();
    private final ByteBuffer pending = ByteBuffer.allocate(AT_A_TIME * BYTES);
    private final List<Deque<Line>> kept = new ArrayList<>();
    private long lines;

    Trace(Agenda agenda, int apps) {
        this.agenda = agenda;
        for (int app = NONE; app < apps; app++) {
            kept.add(new ArrayDeque<>(KEPT));
        }
    }

    void note(int app, int machine, Happening what, long value) {
        note(app, machine, what, value, null);
    }

    void note(int app, int machine, Happening what, long value, @Nullable Object detail) {
        Line line = new Line(lines++, agenda.now(), app, machine, what, value, detail);
        if (pending.remaining() < BYTES) {
            flush();
        }
        pending.putLong(line.at).putInt(app).putInt(machine).put(what.code()).putLong(value);
        pending.putLong(line.number);
        Deque<Line> last = kept.get(app + 1);
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(line);
    }

    /** Returns how many lines there are. */
    long lines() {
        return lines;
    }

    /**
     * Returns the last lines about this app, and about what concerns all or one of these machines,
     * oldest first.
     */
    List<Line> last(int app, List<Integer> machines) {
        List<Line> all = new ArrayList<>(kept.get(app + 1));
        long first = all.isEmpty() ? 0 : all.getFirst().number;
        kept.getFirst().stream()
                .filter(line -> line.number > first)
                .filter(line -> line.machine == NONE || machines.contains(line.machine))
                .forEach(all::add);
        all.sort(Comparator.comparingLong(Line::number));
        return all;
    }

    /** Returns the digest of all lines, and ends the trace. */
    String end() {
        flush();
        return HexFormat.of().formatHex(digest.digest());
    }

    private void flush() {
        digest.update(pending.flip());
        pending.clear();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
