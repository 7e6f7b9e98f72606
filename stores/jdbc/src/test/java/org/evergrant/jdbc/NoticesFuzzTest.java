package org.evergrant.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.evergrant.EvergrantException;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Store;

/** Any text in a notification, which every role of a database can send. */
final class NoticesFuzzTest {
    private static final RecordCodec CODEC = RecordCodec.sealedBy(RunningPostgres.key());
    private static final Notices OTHERS = new Notices(CODEC);
    private static final Store.Versioned WRITTEN = new Store.Versioned(7, record(7));
    private static final String GENUINE =
            OTHERS.of(ZOOM, WRITTEN.version(), CODEC.encode(ZOOM, WRITTEN.record()));

    /** Nobody without the key can vouch, so nothing that the fuzzer makes may be believed. */
    @FuzzTest
    void nothingIsBelievedThatNobodyVouchedFor(byte[] bytes) {
        String input = new String(bytes, UTF_8);
        assertThat(believed(input)).isEmpty();
        assertThat(believed("zoom 9 ab " + input)).isEmpty();
        assertThat(believed("zoom 9 ab AAAA " + input)).isEmpty();
        assertThat(believed(GENUINE.replace(" 7 ", " 8 ") + input)).isEmpty();
        assertThat(believed(GENUINE)).containsExactly(WRITTEN);
    }

    private static List<Store.Versioned> believed(String said) {
        List<Store.Versioned> believed = new ArrayList<>();
        List<RuntimeException> bugs = new ArrayList<>();
        try (Changes changes = new Changes();
                Store.Watch watch = changes.watch(ZOOM, new Believing(believed, bugs))) {
            new Notices(CODEC).hear(said, changes);
            assertThat(watch).isNotNull();
        }
        assertThat(bugs).isEmpty();
        return believed;
    }

    /** Keeps what can be read, and what is thrown that may not be. */
    private record Believing(List<Store.Versioned> believed, List<RuntimeException> bugs)
            implements Store.Listener {
        @Override
        public void changed() {}

        @Override
        public void changed(Supplier<Store.Versioned> news) {
            try {
                believed.add(news.get());
            } catch (EvergrantException refused) {
                return;
            } catch (RuntimeException bug) {
                bugs.add(bug);
            }
        }
    }
}
