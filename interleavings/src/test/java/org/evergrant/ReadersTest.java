package org.evergrant;

import java.nio.file.Path;
import java.time.Duration;
import org.evergrant.spi.AppRecord;
import org.evergrant.testkit.FakeTime;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers read without the mailbox while the mailbox writes it. */
class ReadersTest {
    private static final String[] CLOCK = {"read", "now"};
    private static final String[] RECORD = {"forgetAndRead", "record record"};

    @TempDir Path folder;

    @Test
    void clockReadAgainMeanwhileIsNeverFastOrSlow() {
        Interleavings.exploreMany(Clock.class, CLOCK);
    }

    @Test
    void clockPutTogetherFromTwoReadingsIsFound() {
        Planted bug =
                Planted.fault(
                        folder,
                        "SharedClock",
                        "return last.instant.plusNanos(passed + passed / SLOW_PART);",
                        "return reading.instant.plusNanos(passed + passed / SLOW_PART);");

        Interleavings.findAmongMany(bug, "the clock is off", Clock.class, CLOCK);
    }

    @Test
    void recordForgottenMeanwhileIsEmptyOrAsItWas() {
        Interleavings.exploreMany(Shared.class, RECORD);
    }

    @Test
    void recordReadTwiceIsFound() {
        Planted bug =
                Planted.fault(
                        folder,
                        "SharedRecord",
                        "AppRecord.EMPTY : last.record();",
                        "AppRecord.EMPTY : seen.record();");

        Interleavings.findAmongMany(bug, "NullPointerException", Shared.class, RECORD);
    }

    /** The last reading of the store's clock is a minute old. */
    public static final class Clock {
        private final FakeTime time = FakeTime.create();
        private final SharedClock clock = new SharedClock(MemoryStore.create(time), time);
        private boolean wrong;

        public Clock() {
            clock.readAgain();
            time.advance(Duration.ofMinutes(1));
        }

        @Operation
        public void read() {
            clock.readAgain();
        }

        @Operation
        public void now() {
            Duration ahead = Duration.between(time.instant(), clock.now());
            wrong |= ahead.isNegative() || ahead.compareTo(Duration.ofSeconds(1)) > 0;
        }

        @Validate
        public void neverWrong() {
            if (wrong) {
                throw new AssertionError("the clock is off");
            }
        }
    }

    /** A record that is known, and forgotten when nobody asks. */
    public static final class Shared {
        private static final AppId ID = AppId.of("zoom");
        private final SharedRecord record =
                new SharedRecord(ID, MemoryStore.create(FakeTime.create()));

        public Shared() {
            record.read();
        }

        @Operation
        public void forgetAndRead() {
            record.forget();
            record.read();
        }

        @Operation
        public void record() {
            if (!record.record().equals(AppRecord.EMPTY)) {
                throw new AssertionError("a record from nowhere");
            }
        }

        @Validate
        public void known() {
            if (!record.isKnown()) {
                throw new AssertionError("the record is not known");
            }
        }
    }
}
