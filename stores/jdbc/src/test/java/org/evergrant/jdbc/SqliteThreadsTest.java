package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.raw;
import static org.evergrant.jdbc.Samples.record;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.evergrant.StoreException;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Threads, waits and broken connections. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class SqliteThreadsTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String WATCHER = "evergrant-sqlite-watch";

    @TempDir Path folder;
    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("evergrant.db");
    }

    @Test
    void aThreadLooksForChangesOnlyWhileSomethingIsWatched() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.cas(ZOOM, 0, record(1));
            assertThat(watchers()).isZero();

            Store.Watch one = store.watch(ZOOM, () -> {});
            Store.Watch other = store.watch(ZOOM, () -> {});
            assertThat(watchers()).isEqualTo(1);

            one.close();
            other.close();
            Await.until("the thread ended", SOON, () -> watchers() == 0);
        }
    }

    @Test
    void aListenerMayCloseTheStore() {
        SqliteStore store = SqliteStore.open(file);
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        store.watch(
                ZOOM,
                () -> {
                    store.close();
                    closed.complete(true);
                });

        assertThat(closed.orTimeout(5, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void aWatchGoesOnAfterTheFileWasReplaced() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (SqliteStore store = SqliteStore.open(file);
                Store.Watch watch = store.watch(ZOOM, calls::incrementAndGet)) {
            Await.until("the first look", SOON, () -> calls.get() > 0);
            Files.delete(file);
            try (SqliteStore other = SqliteStore.open(file)) {
                Await.until("the next file was seen", SOON, () -> calls.get() > 1);
                int before = calls.get();

                other.cas(ZOOM, 0, record(1));

                Await.until("its change was seen", SOON, () -> calls.get() > before);
                assertThat(watch).isNotNull();
            }
        }
    }

    @Test
    void readersDoNotWaitForAWriterThatWaits() throws Exception {
        try (SqliteStore store = SqliteStore.open(file);
                Connection rival = raw(file);
                Statement statement = rival.createStatement()) {
            store.cas(ZOOM, 0, record(1));
            statement.execute("BEGIN IMMEDIATE");
            CompletableFuture<Boolean> write =
                    CompletableFuture.supplyAsync(() -> store.cas(ZOOM, 1, record(2)));

            for (int i = 0; i < 100; i++) {
                assertThat(store.read(ZOOM).version()).isEqualTo(1);
            }

            assertThat(write).isNotDone();
            statement.execute("ROLLBACK");
            assertThat(write.orTimeout(5, TimeUnit.SECONDS).join()).isTrue();
        }
    }

    @Test
    void aLockHeldForTooLongEndsInAStoreException() throws SQLException {
        try (SqliteStore store = SqliteStore.builder(file).wait(Duration.ofMillis(200)).open();
                Connection rival = raw(file);
                Statement statement = rival.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            long begin = System.nanoTime();

            assertThatThrownBy(() -> store.cas(ZOOM, 0, record(1)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is locked by another process")
                    .hasMessageContaining("SQLITE_BUSY");

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
            statement.execute("ROLLBACK");
            assertThat(store.cas(ZOOM, 0, record(1))).isTrue();
        }
    }

    @Test
    void aFullDiskIsSaidAndReadsGoOn() {
        try (SqliteStore store =
                SqliteStore.builder(file).pragma("PRAGMA max_page_count = 10").open()) {
            store.cas(ZOOM, 0, record(1));

            assertThatThrownBy(() -> store.cas(ZOOM, 1, record(2, "x".repeat(100_000))))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("has no room left on its disk (SQLITE_FULL)");

            assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(1, record(1)));
            assertThat(store.cas(ZOOM, 1, record(2))).isTrue();
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsSaidAndReadsGoOn() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.cas(ZOOM, 0, record(1));
        }
        try (SqliteStore store = SqliteStore.builder(file).pragma("PRAGMA query_only=1").open()) {
            assertThatThrownBy(() -> store.cas(ZOOM, 1, record(2)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("cannot be written (SQLITE_READONLY)");

            assertThat(store.read(ZOOM)).isEqualTo(new Store.Versioned(1, record(1)));
        }
    }

    @Test
    void aConnectionThatBrokeInMidUseIsOpenedAgain() {
        SqliteOpening opening = new SqliteOpening(SqliteFile.at(file), null, SOON, List.of());
        try (Sessions<SqliteSession> lane = new Sessions<>(opening, 1, SOON)) {
            assertThatThrownBy(() ->
                            lane.use(session -> {
                                session.close();
                                return session.table().read(ZOOM);
                            }))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the store " + opening.path() + " failed");

            Boolean empty = lane.use(session -> session.table().read(ZOOM) == null);
            assertThat(empty).isTrue();
        }
    }

    @Test
    void anInterruptEndsTheCallAndStaysSet() throws Exception {
        try (SqliteStore store = SqliteStore.open(file)) {
            CompletableFuture<String> outcome = new CompletableFuture<>();
            Thread thread =
                    new Thread(() -> {
                        Thread.currentThread().interrupt();
                        try {
                            store.read(ZOOM);
                            outcome.complete("read");
                        } catch (StoreException interrupted) {
                            outcome.complete("set " + Thread.interrupted());
                        }
                    });
            thread.start();

            assertThat(outcome.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo("set true");
            thread.join();
            assertThat(store.read(ZOOM).version()).isZero();
        }
    }

    private static long watchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(WATCHER))
                .count();
    }
}
