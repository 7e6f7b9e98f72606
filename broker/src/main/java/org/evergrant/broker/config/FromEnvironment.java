package org.evergrant.broker.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MisconfiguredException;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.seal.SealingKey;
import org.jspecify.annotations.Nullable;

/** Makes the one app of a user who has no file. */
final class FromEnvironment {
    static final List<String> REQUIRED =
            List.of("ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET");
    static final List<String> OPTIONAL =
            List.of(
                    "ZOOM_TOKEN_URL",
                    "ZOOM_API_URL",
                    "EVERGRANT_STORE",
                    "EVERGRANT_RETENTION",
                    "EVERGRANT_LISTEN",
                    "EVERGRANT_KEY");

    private static final String NAME = "zoom";

    private final Map<String, String> environment;
    private final Faults faults = new Faults("");

    private FromEnvironment(Map<String, String> environment) {
        this.environment = environment;
    }

    static Configuration read(Map<String, String> environment, Path folder) {
        return new FromEnvironment(environment).read(folder);
    }

    private Configuration read(Path folder) {
        List<String> missing = REQUIRED.stream().filter(name -> value(name).isEmpty()).toList();
        for (String name : missing) {
            faults.add(
                    Faults.NOWHERE,
                    name
                            + " is not set (expected: the variables "
                            + String.join(", ", REQUIRED)
                            + ", or a file "
                            + Configuration.FILE
                            + " here or named with --config)");
        }
        App.Builder app =
                App.zoom(AppId.of(NAME))
                        .accountId(value("ZOOM_ACCOUNT_ID"))
                        .clientId(value("ZOOM_CLIENT_ID"))
                        .clientSecret(Secret.of(value("ZOOM_CLIENT_SECRET")));
        take("ZOOM_TOKEN_URL", text -> app.tokenUrl(Values.url(text)));
        take("ZOOM_API_URL", text -> app.apiUrl(Values.url(text)));
        take("EVERGRANT_RETENTION", text -> app.retention(Retention.parse(text)));
        Holder<Listen> listen = new Holder<>(Values.LISTEN);
        take("EVERGRANT_LISTEN", text -> listen.value = Listen.parse(text));
        SealingKey key = key(environment, faults);
        Holder<StoreSpec> store =
                new Holder<>(
                        value("EVERGRANT_STORE").isEmpty()
                                ? Stores.usual(environment, key, faults)
                                : new StoreSpec.Memory());
        takeStore(text -> store.value = Stores.parse(text, folder, key, isKeyGiven(environment)));
        if (missing.isEmpty()) {
            for (String fault : app.faults()) {
                faults.add(Faults.NOWHERE, named(fault));
            }
        }
        faults.throwIfAny();
        return new Configuration(
                "environment",
                listen.value,
                store.value,
                Map.of(NAME, app.build()),
                Map.of(),
                Values.WAIT,
                null,
                value("ZOOM_API_URL").isEmpty() ? Map.of(NAME, Forwarding.ZOOM) : Map.of(),
                Proxying.USUAL);
    }

    /** Returns the key in {@code EVERGRANT_KEY}; null where it is not set. */
    static @Nullable SealingKey key(Map<String, String> environment, Faults faults) {
        String text = environment.getOrDefault("EVERGRANT_KEY", "");
        if (text.isEmpty()) {
            return null;
        }
        try {
            return SealingKey.fromText(text, "EVERGRANT_KEY");
        } catch (MisconfiguredException wrong) {
            faults.add(Faults.NOWHERE, String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    static boolean isKeyGiven(Map<String, String> environment) {
        return !environment.getOrDefault("EVERGRANT_KEY", "").isEmpty();
    }

    private String value(String name) {
        return environment.getOrDefault(name, "");
    }

    private void take(String name, Consumer<String> setter) {
        String text = value(name);
        if (text.isEmpty()) {
            return;
        }
        try {
            setter.accept(text);
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            int from = message.lastIndexOf(" (expected");
            String expected = from < 0 ? "" : message.substring(from);
            faults.add(Faults.NOWHERE, name + ": " + Shown.quoted(text) + expected);
        }
    }

    /** Without the value: a store's URL may hold a password. */
    private void takeStore(Consumer<String> setter) {
        String text = value("EVERGRANT_STORE");
        if (text.isEmpty()) {
            return;
        }
        try {
            setter.accept(text);
        } catch (IllegalArgumentException wrong) {
            String.valueOf(wrong.getMessage())
                    .lines()
                    .forEach(fault -> faults.add(Faults.NOWHERE, "EVERGRANT_STORE: " + fault));
        }
    }

    /** Names the variable in a fault that names the key: {@code app zoom: token-url: …}. */
    private static String named(String fault) {
        String text = fault.substring(fault.indexOf(": ") + 2);
        String key = text.split("[: ]", 2)[0];
        return "ZOOM_"
                + key.toUpperCase(java.util.Locale.ROOT).replace('-', '_')
                + text.substring(key.length());
    }

    private static final class Holder<T> {
        private T value;

        Holder(T value) {
            this.value = value;
        }
    }
}
