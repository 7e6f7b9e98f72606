package org.evergrant.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.Token;
import org.jspecify.annotations.Nullable;

/** Records with anything in any field, the same ones for the same seed. */
final class RandomRecords {
    private static final String[] PIECES = {
        "a", "Z", "9", " ", "é", "语", "🗝", "\n", "\u0000", "'"
    };

    private final Random random;

    RandomRecords(long seed) {
        random = new Random(seed);
    }

    AppRecord next() {
        return new AppRecord(
                random.nextLong(),
                list(this::token),
                maybe(this::claim),
                maybe(this::trouble),
                list(this::instant),
                random.nextInt(),
                maybe(() -> new AppRecord.Learned(retention(), retention())));
    }

    private Token token() {
        return new Token(
                random.nextLong(),
                random.nextInt(),
                Secret.of(text()),
                text(),
                text(),
                text(),
                instant(),
                instant(),
                instant(),
                one(Token.Standing.values()),
                random.nextBoolean());
    }

    private Claim claim() {
        return new Claim(
                text(),
                random.nextInt(),
                instant(),
                instant(),
                random.nextBoolean(),
                random.nextBoolean());
    }

    private Trouble trouble() {
        return new Trouble(
                one(Trouble.Kind.values()), instant(), instant(), random.nextInt(), text());
    }

    private Retention retention() {
        return switch (random.nextInt(6)) {
            case 0 -> Retention.NEWEST_ONLY;
            case 1 -> Retention.KEEP_ALL;
            case 2 -> Retention.indexed(1 + random.nextInt(Retention.MOST));
            case 3 -> Retention.newest(1 + random.nextInt(Retention.MOST));
            case 4 -> Retention.grace(duration());
            default -> Retention.sticky(duration());
        };
    }

    private Duration duration() {
        return Duration.ofNanos(1 + random.nextInt(Integer.MAX_VALUE));
    }

    private Instant instant() {
        return switch (random.nextInt(10)) {
            case 0 -> Instant.MAX;
            case 1 -> Instant.MIN;
            case 2 -> Instant.EPOCH;
            default ->
                    Instant.ofEpochSecond(
                            random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(one(PIECES));
        }
        return text.toString();
    }

    private <T> List<T> list(Supplier<T> one) {
        List<T> all = new ArrayList<>();
        for (int size = random.nextInt(4); size > 0; size--) {
            all.add(one.get());
        }
        return all;
    }

    private <T> @Nullable T maybe(Supplier<T> one) {
        return random.nextBoolean() ? one.get() : null;
    }

    private <T> T one(T[] all) {
        return all[random.nextInt(all.length)];
    }
}
