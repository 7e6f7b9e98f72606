package org.evergrant.spi;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;

/**
 * Reads the payload that {@link RecordWriter} wrote. Lengths are believed only as far as there are
 * bytes for them, so damaged bytes cost no memory.
 */
final class RecordReader {
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int BYTES_PER_INSTANT = Long.BYTES + Integer.BYTES;
    private static final int LEAST_BYTES_PER_TOKEN =
            Long.BYTES + 5 * Integer.BYTES + 3 * BYTES_PER_INSTANT + 2;

    /** The bytes are not a record. The message says why and quotes nothing of them. */
    static final class Unreadable extends Exception {
        Unreadable(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    private interface Part<T> {
        T read() throws Unreadable;
    }

    private final ByteBuffer in;

    private RecordReader(ByteBuffer in) {
        this.in = in;
    }

    static AppRecord read(byte[] payload) throws Unreadable {
        RecordReader reader = new RecordReader(ByteBuffer.wrap(payload));
        AppRecord record = reader.record();
        if (reader.in.hasRemaining()) {
            throw new Unreadable(reader.in.remaining() + " bytes too many");
        }
        return record;
    }

    private AppRecord record() throws Unreadable {
        long generation = number();
        List<Token> tokens = list(LEAST_BYTES_PER_TOKEN, this::token);
        Claim claim = flag() ? claim() : null;
        Trouble trouble = flag() ? trouble() : null;
        List<Instant> spent = list(BYTES_PER_INSTANT, this::instant);
        int streak = integer();
        AppRecord.Learned learned = flag() ? new AppRecord.Learned(retention(), retention()) : null;
        return new AppRecord(generation, tokens, claim, trouble, spent, streak, learned);
    }

    private Token token() throws Unreadable {
        // One copy each of a type, a scope and an address: most tokens of a provider share them.
        return new Token(
                number(),
                integer(),
                Secret.of(text()),
                text().intern(),
                text().intern(),
                text().intern(),
                instant(),
                instant(),
                instant(),
                constant(Token.Standing.values(), RecordWriter.Codes::of),
                flag());
    }

    private Claim claim() throws Unreadable {
        return new Claim(text(), integer(), instant(), instant(), flag(), flag());
    }

    private Trouble trouble() throws Unreadable {
        return new Trouble(
                constant(Trouble.Kind.values(), RecordWriter.Codes::of),
                instant(),
                instant(),
                integer(),
                text());
    }

    private Retention retention() throws Unreadable {
        int indexes = integer();
        int window = integer();
        Duration grace = duration();
        Duration stickiness = duration();
        return allowed(() -> new Retention(indexes, window, grace, stickiness), "retention");
    }

    private Instant instant() throws Unreadable {
        long seconds = number();
        int nanos = nanos();
        return allowed(() -> Instant.ofEpochSecond(seconds, nanos), "instant");
    }

    private Duration duration() throws Unreadable {
        return Duration.ofSeconds(number(), nanos());
    }

    private int nanos() throws Unreadable {
        int nanos = integer();
        if (nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw new Unreadable("impossible nanoseconds");
        }
        return nanos;
    }

    private <T> List<T> list(int leastBytesEach, Part<T> part) throws Unreadable {
        int count = integer();
        if (count < 0 || count > in.remaining() / leastBytesEach) {
            throw new Unreadable("a count beyond its end");
        }
        List<T> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(part.read());
        }
        return all;
    }

    private String text() throws Unreadable {
        int length = integer();
        if (length < 0 || length > in.remaining()) {
            throw new Unreadable("a length beyond its end");
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException malformed) {
            throw new Unreadable("a text that is not UTF-8");
        }
    }

    private <E> E constant(E[] all, ToIntFunction<E> code) throws Unreadable {
        int found = octet();
        for (E one : all) {
            if (code.applyAsInt(one) == found) {
                return one;
            }
        }
        throw new Unreadable("unknown constant " + found);
    }

    private boolean flag() throws Unreadable {
        int found = octet();
        if (found > 1) {
            throw new Unreadable("flag " + found);
        }
        return found == 1;
    }

    private int octet() throws Unreadable {
        need(Byte.BYTES);
        return Byte.toUnsignedInt(in.get());
    }

    private int integer() throws Unreadable {
        need(Integer.BYTES);
        return in.getInt();
    }

    private long number() throws Unreadable {
        need(Long.BYTES);
        return in.getLong();
    }

    private void need(int bytes) throws Unreadable {
        if (in.remaining() < bytes) {
            throw new Unreadable("it ends too soon");
        }
    }

    private static <T> T allowed(Supplier<T> made, String what) throws Unreadable {
        try {
            return made.get();
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException refused) {
            throw new Unreadable("impossible " + what);
        }
    }
}
