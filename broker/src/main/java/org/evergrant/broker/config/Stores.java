package org.evergrant.broker.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.evergrant.MisconfiguredException;
import org.evergrant.jdbc.PostgresUrl;
import org.evergrant.seal.SealingKey;
import org.evergrant.valkey.ValkeyUrl;
import org.jspecify.annotations.Nullable;

/** Reads which store is meant. */
final class Stores {
    private static final String SQLITE = "sqlite:";
    private static final String FORMS =
            " (expected: memory, sqlite:FILE, postgresql://… or redis://…)";

    private Stores() {}

    /**
     * Returns the store that {@code text} names.
     *
     * @param folder where relative paths count from
     * @param key the key that was given; null where none was, or it is no key and that was said
     * @param keyGiven whether one was given
     * @throws IllegalArgumentException when it names none that this version has, with one fault a
     *     line and without the text
     */
    static StoreSpec parse(String text, Path folder, @Nullable SealingKey key, boolean keyGiven) {
        if (text.equals("memory")) {
            return new StoreSpec.Memory();
        }
        if (PostgresUrl.isMeant(text)) {
            return shared(() -> PostgresUrl.parse(text), StoreSpec.Postgres::new, key, keyGiven);
        }
        if (ValkeyUrl.isMeant(text)) {
            return shared(() -> ValkeyUrl.parse(text), StoreSpec.Valkey::new, key, keyGiven);
        }
        String file = text.startsWith(SQLITE) ? text.substring(SQLITE.length()) : "";
        if (file.isBlank()) {
            throw new IllegalArgumentException("no such store" + FORMS);
        }
        try {
            Path path = folder.toAbsolutePath().resolve(file).normalize();
            return new StoreSpec.Sqlite(path, key);
        } catch (InvalidPathException impossible) {
            throw new IllegalArgumentException("no such path" + FORMS, impossible);
        }
    }

    /** A store for many machines. No key is made here: it would be one that no other has. */
    private static <U> StoreSpec shared(
            Supplier<U> url,
            BiFunction<U, SealingKey, StoreSpec> spec,
            @Nullable SealingKey key,
            boolean keyGiven) {
        List<String> faults = new ArrayList<>();
        U place = null;
        try {
            place = url.get();
        } catch (IllegalArgumentException | MisconfiguredException wrong) {
            faults.add(String.valueOf(wrong.getMessage()));
        }
        if (!keyGiven) {
            faults.add(
                    "a store for many machines needs a key that all of them have (expected:"
                            + " store-key or EVERGRANT_KEY; evergrant store key prints a new one)");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return key == null || place == null ? new StoreSpec.Memory() : spec.apply(place, key);
    }

    /**
     * Returns the file in the user's state folder, as the XDG base directory specification says;
     * after a fault, some store.
     */
    static StoreSpec usual(
            Map<String, String> environment, @Nullable SealingKey key, Faults faults) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        String user = home.isEmpty() ? System.getProperty("user.home", "") : home;
        try {
            Path folder = state.startsWith("/") ? Path.of(state) : Path.of(user, ".local", "state");
            Path file = folder.resolve("evergrant").resolve("evergrant.db").toAbsolutePath();
            return new StoreSpec.Sqlite(file, key);
        } catch (InvalidPathException impossible) {
            // A locale like C has no words for the letters of some folders' names.
            faults.add(
                    Faults.NOWHERE,
                    "the user's state folder has no name that can be used here: "
                            + Shown.quoted(state.startsWith("/") ? state : user)
                            + " (expected: a store that is named, or a UTF-8 locale)");
            return new StoreSpec.Memory();
        }
    }
}
