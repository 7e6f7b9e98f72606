package org.evergrant.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.evergrant.seal.SealingKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Valkey or Redis as the store, in a file and in the environment. */
final class ValkeyConfigurationTest {
    private static final String CANARY = "canary-secret-5f2a";
    private static final String WRONG = "redis://me:" + CANARY + "@a,b:0/x?no=1&wait-replicas=many";

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://127.0.0.1:6379",
                "rediss://127.0.0.1:6379/3",
                "valkey://127.0.0.1:6379",
                "valkeys://me@127.0.0.1:6379",
                "redis-sentinel://a:26379,b:26380#main",
                "rediss-cluster://[::1]:7000,b:7001"
            })
    void everyFormIsTakenAndShownAsItIs(String url) {
        String given = url.replace("me@", "me:" + CANARY + "@");

        Configuration read = fromFile(given, withKey());

        assertThat(read.store()).isInstanceOf(StoreSpec.Valkey.class).hasToString(url);
        assertThat(fromVariables(given, withKey()).store()).hasToString(url);
    }

    @Test
    void thePasswordIsShownNowhere() {
        String url = "rediss://me:" + CANARY + "@h?wait-replicas=1";

        Configuration read = fromFile(url, withKey());

        assertThat(read.store()).hasToString("rediss://me@h:6379");
        assertThat(read.toString()).doesNotContain(CANARY);
    }

    @Test
    void everyFaultIsNamedAndNothingQuoted() {
        List<String> faults = faults(() -> fromFile(WRONG, Map.of()));

        assertThat(faults)
                .hasSize(6)
                .allSatisfy(fault -> assertThat(fault).startsWith("evergrant.yaml:1: store: "))
                .noneSatisfy(fault -> assertThat(fault).contains(CANARY))
                .anySatisfy(fault -> assertThat(fault).contains("wait-replicas (expected: 0 to"))
                .anySatisfy(fault -> assertThat(fault).contains("port of host 2 (expected: 1 to"))
                .anySatisfy(fault -> assertThat(fault).contains("needs a key"));
        assertThat(faults(() -> fromVariables(WRONG, Map.of())))
                .hasSize(6)
                .allSatisfy(fault -> assertThat(fault).startsWith("EVERGRANT_STORE: "))
                .noneSatisfy(fault -> assertThat(fault).contains(CANARY));
    }

    @Test
    void aKeyMustBeGiven() {
        assertThat(faults(() -> fromFile("redis://h", Map.of())))
                .containsExactly(
                        "evergrant.yaml:1: store: a store for many machines needs a key that all of"
                                + " them have (expected: store-key or EVERGRANT_KEY; evergrant"
                                + " store key prints a new one)");
    }

    private static Map<String, String> withKey() {
        return Map.of("EVERGRANT_KEY", SealingKey.newText());
    }

    private Configuration fromFile(String store, Map<String, String> environment) {
        try {
            Files.writeString(
                    folder.resolve("evergrant.yaml"),
                    """
                    store: "%s"
                    apps:
                      zoom: {provider: zoom, account-id: a, client-id: b, client-secret: c}
                    """
                            .formatted(store));
            return Configuration.locate(java.util.Optional.empty(), environment, folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Configuration fromVariables(String store, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("ZOOM_ACCOUNT_ID", "a");
        environment.put("ZOOM_CLIENT_ID", "b");
        environment.put("ZOOM_CLIENT_SECRET", "c");
        environment.put("EVERGRANT_STORE", store);
        return Configuration.fromEnvironment(environment);
    }

    private static List<String> faults(Supplier<Configuration> reading) {
        return catchThrowableOfType(ConfigurationException.class, reading::get).faults();
    }
}
