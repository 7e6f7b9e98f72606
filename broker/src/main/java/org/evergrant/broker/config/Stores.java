package org.evergrant.broker.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.evergrant.seal.SealingKey;
import org.evergrant.valkey.ValkeyUrl;
import org.jspecify.annotations.Nullable;

/** Reads which store is meant. */
final class Stores {
    private static final String SQLITE = "sqlite:";
    private static final String FORMS = " (expected: memory, sqlite:FILE or redis://HOST)";

    private Stores() {}

    /**
     * Returns the store that {@code text} names.
     *
     * @param folder where relative paths count from
     * @throws IllegalArgumentException when it names none that this version has, with one fault a
     *     line and without the text
     */
    static StoreSpec parse(String text, Path folder, @Nullable SealingKey key) {
        if (text.equals("memory")) {
            return new StoreSpec.Memory();
        }
        if (ValkeyUrl.isMeant(text)) {
            return valkey(text, key);
        }
        if (text.startsWith("postgresql:")) {
            String scheme = text.substring(0, text.indexOf(':'));
            throw new IllegalArgumentException(scheme + ": not in this version" + FORMS);
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

    /** No key is made here: one machine's own would lock out the others. */
    private static StoreSpec valkey(String text, @Nullable SealingKey key) {
        List<String> faults = new ArrayList<>();
        ValkeyUrl url = null;
        try {
            url = ValkeyUrl.parse(text);
        } catch (IllegalArgumentException wrong) {
            faults.add(String.valueOf(wrong.getMessage()));
        }
        if (key == null) {
            faults.add(
                    "is shared by machines and has no key (expected: store-key or EVERGRANT_KEY,"
                            + " the same on each machine)");
        }
        if (url == null || key == null) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return new StoreSpec.Valkey(url, key);
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
