package org.evergrant.spi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.evergrant.Retention;
import org.evergrant.Token;

/** Writes the payload of format 1; {@link RecordReader} reads it. */
final class RecordWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

    private RecordWriter() {}

    static byte[] write(AppRecord record) {
        RecordWriter writer = new RecordWriter();
        writer.record(record);
        return writer.out.toByteArray();
    }

    private void record(AppRecord record) {
        number(record.generation());
        integer(record.tokens().size());
        record.tokens().forEach(this::token);
        Claim claim = record.claim();
        flag(claim != null);
        if (claim != null) {
            claim(claim);
        }
        Trouble trouble = record.trouble();
        flag(trouble != null);
        if (trouble != null) {
            trouble(trouble);
        }
        integer(record.spent().size());
        record.spent().forEach(this::instant);
        integer(record.streak());
        AppRecord.Learned learned = record.learned();
        flag(learned != null);
        if (learned != null) {
            retention(learned.configured());
            retention(learned.seen());
        }
    }

    private void token(Token token) {
        number(token.generation());
        integer(token.index());
        text(token.value().reveal());
        text(token.type());
        text(token.scope());
        text(token.apiUrl());
        instant(token.mintedAt());
        instant(token.expiresAt());
        instant(token.promisedUntil());
        out.write(Codes.of(token.standing()));
        flag(token.forced());
    }

    private void claim(Claim claim) {
        text(claim.node());
        integer(claim.index());
        instant(claim.at());
        instant(claim.until());
        flag(claim.forced());
        flag(claim.contested());
    }

    private void trouble(Trouble trouble) {
        out.write(Codes.of(trouble.kind()));
        instant(trouble.at());
        instant(trouble.retryAt());
        integer(trouble.attempts());
        text(trouble.detail());
    }

    private void retention(Retention retention) {
        integer(retention.indexes());
        integer(retention.window());
        duration(retention.grace());
        duration(retention.stickiness());
    }

    private void instant(Instant instant) {
        number(instant.getEpochSecond());
        integer(instant.getNano());
    }

    private void duration(Duration duration) {
        number(duration.getSeconds());
        integer(duration.getNano());
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        integer(bytes.length);
        out.writeBytes(bytes);
    }

    private void flag(boolean value) {
        out.write(value ? 1 : 0);
    }

    private void integer(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    private void number(long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /**
     * The numbers of constants on disk, which renaming or reordering the constants must not move.
     */
    static final class Codes {
        private Codes() {}

        static int of(Token.Standing standing) {
            return switch (standing) {
                case GOOD -> 0;
                case SUSPECT -> 1;
                case REJECTED -> 2;
            };
        }

        static int of(Trouble.Kind kind) {
            return switch (kind) {
                case UNREACHABLE -> 0;
                case RATE_LIMITED -> 1;
                case MISCONFIGURED -> 2;
                case DOUBT -> 3;
                case RIVAL -> 4;
                case RETENTION -> 5;
                case INDEX -> 6;
            };
        }
    }
}
