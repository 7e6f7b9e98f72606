package org.evergrant.broker.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.evergrant.App;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the daemon and the command line are told, checked.
 *
 * @param source the file it came from as the user named it, or {@code environment}
 * @param listen where the broker listens
 * @param store where tokens are shared
 * @param apps by name, in the order of the file
 * @param callers by name, in the order of the file
 * @param longestWait how long a caller waits for a token at most
 * @param publicUrl where callers reach the broker, without a slash at the end; null where they
 *     reach it as they ask
 * @param forwarding how calls are forwarded, for the apps that say something about it
 * @param proxying how the proxy shows itself
 */
public record Configuration(
        String source,
        Listen listen,
        StoreSpec store,
        Map<String, App> apps,
        Map<String, Caller> callers,
        Duration longestWait,
        @Nullable URI publicUrl,
        Map<String, Forwarding> forwarding,
        Proxying proxying) {

    /** The file that is looked for where none is named. */
    public static final String FILE = "evergrant.yaml";

    /** Copies the maps. */
    public Configuration {
        apps = Collections.unmodifiableMap(new LinkedHashMap<>(apps));
        callers = Collections.unmodifiableMap(new LinkedHashMap<>(callers));
        forwarding = Map.copyOf(forwarding);
    }

    /** Makes one that says nothing about the proxy. */
    public Configuration(
            String source,
            Listen listen,
            StoreSpec store,
            Map<String, App> apps,
            Map<String, Caller> callers,
            Duration longestWait,
            @Nullable URI publicUrl) {
        this(
                source,
                listen,
                store,
                apps,
                callers,
                longestWait,
                publicUrl,
                Map.of(),
                Proxying.USUAL);
    }

    /**
     * Returns the configuration in the file that {@code named} names; else in {@code
     * evergrant.yaml} in {@code folder}; else from the environment.
     *
     * @throws ConfigurationException with every fault
     */
    public static Configuration locate(
            Optional<Path> named, Map<String, String> environment, Path folder) {
        if (named.isPresent()) {
            return load(folder.resolve(named.get()), named.get().toString(), environment);
        }
        Path usual = folder.resolve(FILE);
        return Files.exists(usual)
                ? load(usual, FILE, environment)
                : FromEnvironment.read(environment, folder);
    }

    /**
     * Returns the configuration in {@code file}.
     *
     * @throws ConfigurationException with every fault
     */
    public static Configuration load(Path file, Map<String, String> environment) {
        return load(file, file.toString(), environment);
    }

    /**
     * Returns the configuration that the {@code ZOOM_…} and {@code EVERGRANT_…} variables make: one
     * app called {@code zoom}. Relative paths count from the process's own folder.
     *
     * @throws ConfigurationException with every fault
     */
    public static Configuration fromEnvironment(Map<String, String> environment) {
        return FromEnvironment.read(environment, Path.of(""));
    }

    private static Configuration load(Path file, String shown, Map<String, String> environment) {
        return new FromFile(file.toAbsolutePath(), shown, environment).read();
    }

    /** Returns the same with another place to listen. */
    public Configuration withListen(Listen changed) {
        return new Configuration(
                source,
                changed,
                store,
                apps,
                callers,
                longestWait,
                publicUrl,
                forwarding,
                proxying);
    }

    /** Returns how the calls of an app are forwarded. */
    public Forwarding forwardingOf(App app) {
        return forwarding.getOrDefault(app.id().value(), Forwarding.USUAL);
    }

    /**
     * Opens the store.
     *
     * @throws org.evergrant.EvergrantException when it cannot be opened
     */
    public Store openStore() {
        return store.open();
    }
}
