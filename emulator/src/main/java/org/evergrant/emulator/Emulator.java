package org.evergrant.emulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A provider of access tokens on a port of this machine, with an API that accepts them: Zoom's wire
 * format, any {@link Retention}, faults on demand.
 *
 * <pre>{@code
 * try (Emulator emulator = Emulator.start()) {
 *     callSomethingThatUses(emulator.tokenUrl(), emulator.apiUrl());
 *     assertEquals(1, emulator.state().mints());
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread and block for no longer than it takes to read some
 * counters, but for starting and closing.
 */
public final class Emulator implements AutoCloseable {
    /** Of the one app there is if none was added. */
    public static final String DEMO_ACCOUNT = "demo-account";

    public static final String DEMO_CLIENT = "demo-client";
    public static final String DEMO_SECRET = "demo-secret";

    private final Provider provider;
    private final InstantSource clock;
    private final AppSettings model;
    private final HttpDoor door;

    private Emulator(Builder builder) {
        List<AppSettings> apps = new ArrayList<>(builder.apps);
        if (apps.isEmpty()) {
            apps.add(new AppSettings(DEMO_ACCOUNT, DEMO_CLIENT, DEMO_SECRET));
        }
        apps.replaceAll(app -> builder.model.forAppOf(app));
        this.clock = builder.clock;
        this.provider = new Provider(apps);
        this.model = new AppSettings(builder.model);
        this.door = new HttpDoor(provider, model, clock, builder.host, builder.port);
    }

    /**
     * Starts one on a free port of the loopback address, with the demo app, {@code newest-only}.
     */
    public static Emulator start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** {@code http://127.0.0.1:8485}: the address, without a slash at the end. */
    public String url() {
        return door.url();
    }

    public int port() {
        return door.port();
    }

    public String tokenUrl() {
        return url() + "/oauth/token";
    }

    /** The address below which {@code /v2/users/me} is. */
    public String apiUrl() {
        return url();
    }

    /** What the provider knows and has counted. */
    public EmulatorState state() {
        return provider.state(clock.instant());
    }

    /** The last thousand mints of all apps, oldest first. */
    public List<MintRecord> mintLog() {
        return provider.mintLog(null);
    }

    /** Mints with the only app's credentials, as a stranger would, at index 0. */
    public void rival() {
        rival(only().clientId());
    }

    /** Mints with that app's credentials, as a stranger would, at index 0. */
    public void rival(String clientId) {
        rival(clientId, 0);
    }

    /**
     * Mints with that app's credentials, as a stranger would.
     *
     * @param index the {@code token_index}; ignored where the retention has none
     * @throws IllegalArgumentException if the index is negative
     * @throws IllegalStateException if the provider refuses: the app is not active, or over its
     *     quota, or the index is out of range
     */
    public void rival(String clientId, int index) {
        if (index < 0) {
            throw new IllegalArgumentException("index: " + index + " (expected: 0 or more)");
        }
        MintOutcome outcome = app(clientId).mint(index, MintRecord.By.RIVAL, clock.instant());
        if (!(outcome instanceof MintOutcome.Minted)) {
            throw new IllegalStateException("the rival was refused: " + outcome);
        }
    }

    /** The next {@code count} mints suffer the fault. */
    public void fault(Fault fault, int count) {
        fault(FaultOrder.of(fault, count));
    }

    public void fault(FaultOrder order) {
        String clientId = order.clientId();
        if (clientId != null) {
            app(clientId);
        }
        provider.faults().add(order);
    }

    /** Changes the only app's retention; the tokens there are live on until the next mint. */
    public void setRetention(Retention retention) {
        configure(only().clientId(), app -> app.retention(retention));
    }

    /**
     * Changes an app: all of the change, or nothing of it.
     *
     * @throws IllegalArgumentException if there is no such app or the outcome is impossible
     */
    public void configure(String clientId, Consumer<AppSettings> change) {
        provider.configure(app(clientId), change, clock.instant());
    }

    /** Changes the only app. */
    public void configure(Consumer<AppSettings> change) {
        configure(only().clientId(), change);
    }

    /**
     * Adds an app with the treatment the builder was given.
     *
     * @throws IllegalArgumentException if the client id is taken or impossible
     */
    public void addApp(String accountId, String clientId, String clientSecret) {
        provider.add(model.forApp(accountId, clientId, clientSecret));
    }

    /** Revokes an app's tokens, all of them. */
    public void revokeAll(String clientId) {
        app(clientId).revokeAll(clock.instant());
    }

    /** Forgets tokens, faults and counts. Apps stay as they are. */
    public void reset() {
        provider.reset();
    }

    /** As it was started: forgets tokens, faults, counts, apps added and changes made. */
    public void restore() {
        provider.restore();
    }

    /** Stops it. Requests under way are cut off; no thread of it is left. */
    @Override
    public void close() {
        door.close();
    }

    private ProviderApp app(String clientId) {
        ProviderApp app = provider.app(clientId);
        if (app == null) {
            throw new IllegalArgumentException("no app " + Durations.quoted(clientId));
        }
        return app;
    }

    private ProviderApp only() {
        List<ProviderApp> apps = provider.apps();
        if (apps.size() != 1) {
            throw new IllegalStateException("there are " + apps.size() + " apps: name one");
        }
        return apps.get(0);
    }

    @Override
    public String toString() {
        return "Emulator[" + url() + "]";
    }

    /**
     * What an emulator is to be like. Settings of apps hold for each app, wherever it was added.
     */
    public static final class Builder {
        private final List<AppSettings> apps = new ArrayList<>();
        private final AppSettings model = new AppSettings("model", "model", "model");
        private String host = "127.0.0.1";
        private int port;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /** Where to listen; port 0, the default, is any free one. */
        public Builder listen(String address, int onPort) {
            this.host = address;
            this.port = onPort;
            return this;
        }

        /** What a mint does to earlier tokens; {@code newest-only} unless said otherwise. */
        public Builder retention(Retention retention) {
            model.retention(retention);
            return this;
        }

        /** How long a token lives; an hour unless said otherwise. */
        public Builder lifetime(Duration lifetime) {
            model.lifetime(lifetime);
            return this;
        }

        /** How long a mint takes: half of it before it takes effect, half after. */
        public Builder latency(Duration latency) {
            model.latency(latency);
            return this;
        }

        /** How long an API call takes. */
        public Builder apiLatency(Duration latency) {
            model.apiLatency(latency);
            return this;
        }

        /** Any other treatment of all apps. */
        public Builder allApps(Consumer<AppSettings> treatment) {
            treatment.accept(model);
            return this;
        }

        /** Adds an app. Without any there is the demo app. */
        public Builder app(String accountId, String clientId, String clientSecret) {
            apps.add(new AppSettings(accountId, clientId, clientSecret));
            return this;
        }

        /** The clock that tokens live by; timers, such as latencies, have their own. */
        public Builder clock(InstantSource source) {
            this.clock = source;
            return this;
        }

        /**
         * Starts it.
         *
         * @throws IllegalArgumentException if the settings are impossible, with all that is wrong
         * @throws IllegalStateException if the address cannot be had
         */
        public Emulator start() {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
            }
            model.check().throwIfAny();
            Emulator emulator = new Emulator(this);
            emulator.door.open();
            return emulator;
        }
    }
}
