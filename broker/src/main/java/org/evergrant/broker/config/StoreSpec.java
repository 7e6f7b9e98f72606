package org.evergrant.broker.config;

import java.nio.file.Path;
import org.evergrant.MemoryStore;
import org.evergrant.jdbc.PostgresStore;
import org.evergrant.jdbc.PostgresUrl;
import org.evergrant.jdbc.SqliteStore;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.Store;
import org.evergrant.valkey.ValkeyStore;
import org.evergrant.valkey.ValkeyUrl;
import org.jspecify.annotations.Nullable;

/** Which store to open. */
public sealed interface StoreSpec {

    /**
     * Opens the store.
     *
     * @throws org.evergrant.EvergrantException when it cannot be opened
     */
    Store open();

    /** This process's memory: shared with nobody, forgotten at the end. */
    record Memory() implements StoreSpec {
        @Override
        public Store open() {
            return MemoryStore.create();
        }

        @Override
        public String toString() {
            return "memory";
        }
    }

    /**
     * A SQLite file, shared by all processes of this machine.
     *
     * @param file absolute
     * @param key what its tokens are sealed under; null for the key in a file beside it
     */
    record Sqlite(Path file, @Nullable SealingKey key) implements StoreSpec {
        @Override
        public Store open() {
            return key == null ? SqliteStore.open(file) : SqliteStore.open(file, key);
        }

        @Override
        public String toString() {
            return "sqlite:" + file;
        }
    }

    /**
     * A PostgreSQL, shared by all machines that reach it.
     *
     * @param key what its tokens are sealed under, the same on every machine
     */
    record Postgres(PostgresUrl url, SealingKey key) implements StoreSpec {
        @Override
        public Store open() {
            return PostgresStore.builder(url, key).open();
        }

        /** Returns the URL without its password. */
        @Override
        public String toString() {
            return url.toString();
        }
    }

    /**
     * A Valkey or Redis, shared by all machines that reach it.
     *
     * @param url where it is
     * @param key what its tokens are sealed under
     */
    record Valkey(ValkeyUrl url, SealingKey key) implements StoreSpec {
        @Override
        public Store open() {
            return ValkeyStore.builder(url).seal(key).open();
        }

        /** Returns the URL without the password. */
        @Override
        public String toString() {
            return url.toString();
        }
    }
}
