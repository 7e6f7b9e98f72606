package org.evergrant.trials;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.broker.config.Configuration;
import org.evergrant.emulator.AppState;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Retention;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.Store;

/**
 * Brokers, users of the library and command-line calls on one SQLite file, with an app for each
 * retention; all of them are killed again and again, and the provider counts.
 */
final class KillTrial implements AutoCloseable {
    /** Sticky mints are no generations: it has an equation of its own, and kills nothing. */
    private static final List<String> RETENTIONS =
            List.of("newest-only", "indexed:2", "newest:2", "grace:1s", "keep-all");

    private static final Duration LIFETIME = Duration.ofSeconds(3);
    private static final Duration LATENCY = Duration.ofMillis(100);
    private static final Duration STARTING = Duration.ofSeconds(60);
    private static final int BROKERS = 2;
    private static final int LIBRARIES = 2;
    private static final String SECRET = "a-secret";

    private final Path folder;
    private final Random random;
    private final Emulator provider;
    private final Configuration configuration;
    private final Store store;
    private final Scribe scribe;
    private final Crew crew;
    private final Api api;
    private final CallLog log;
    private final OutsideCallers callers;
    private final MintBook mints;

    /** Starts everything, and waits until each app has a token. */
    KillTrial(Path folder, long seed) throws IOException, SQLException {
        this.folder = folder;
        this.random = new Random(seed);
        this.provider = provider();
        this.mints = new MintBook(provider);
        Path file = folder.resolve("evergrant.yaml");
        Files.writeString(file, configurationText());
        this.configuration = Configuration.load(file, Map.of());
        this.store = configuration.openStore();
        this.scribe = SqlScribe.ofFile(folder.resolve("evergrant.db"));
        this.crew = new Crew(folder, provider.url());
        this.api = new Api(provider.url());
        this.log = new CallLog(outsideCalls());
        this.callers = new OutsideCallers(api, log, LibraryCallers.THINK);
        for (int i = 0; i < BROKERS; i++) {
            int port = freePort();
            crew.startBroker("broker-" + i, file, port, Duration.ZERO);
            configuration.apps().keySet().forEach(app -> callers.askBroker(port, app, app, SECRET));
        }
        for (int i = 0; i < LIBRARIES; i++) {
            crew.startLibrary("library-" + i, file, 1, LibraryCallers.THINK, Duration.ZERO);
        }
        awaitTokens();
        callers.runCommands(
                crew,
                file,
                List.copyOf(configuration.apps().keySet()),
                new Random(random.nextLong()));
    }

    private static Emulator provider() {
        Emulator.Builder builder = Emulator.builder().lifetime(LIFETIME).latency(LATENCY);
        RETENTIONS.forEach(retention -> builder.app("an-account", name(retention), SECRET));
        Emulator provider = builder.start();
        RETENTIONS.forEach(retention ->
                provider.configure(
                        name(retention), app -> app.retention(Retention.parse(retention))));
        return provider;
    }

    private static String name(String retention) {
        return retention.replace(':', '-');
    }

    private String configurationText() {
        StringBuilder text = new StringBuilder("store: sqlite:evergrant.db\napps:\n");
        for (String retention : RETENTIONS) {
            text.append(
                    """
                      %1$s:
                        provider: zoom
                        token-url: %2$s/oauth/token
                        api-url: %2$s
                        account-id: an-account
                        client-id: %1$s
                        client-secret: %3$s
                        retention: %4$s
                        mint-deadline: 1s
                    """
                            .formatted(name(retention), provider.url(), SECRET, retention));
        }
        return text.toString();
    }

    private void awaitTokens() throws IOException {
        long deadline = System.nanoTime() + STARTING.toNanos();
        for (AppId record : records()) {
            while (store.read(record).record().generation() == 0) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("no token for " + record);
                }
                crew.assertNoneFell();
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private List<AppId> records() {
        return configuration.apps().values().stream().map(App::recordId).toList();
    }

    /** Kills for that long, then lets everything come to rest. */
    void run(Duration time) throws IOException, InterruptedException, ExecutionException {
        Killer killer = new Killer(crew, store, records(), LATENCY, random);
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            long left = end - System.nanoTime();
            killer.run(Duration.ofNanos(Math.min(left, Duration.ofSeconds(30).toNanos())));
            mints.collect();
        }
        crew.assertNoneFell();
        callers.stop();
        crew.stop();
        // A mint that was sent by a process that was killed since has come to its end as well.
        LockSupport.parkNanos(LATENCY.multipliedBy(3).toNanos());
        mints.collect();
    }

    /** Returns how often a process was killed. */
    int kills() {
        return crew.deaths().size();
    }

    /** Returns how many commands were run. */
    long commands() {
        return crew.members().stream().filter(member -> member.kind() == Crew.Kind.COMMAND).count();
    }

    /** Returns how many asks brought no token. */
    List<CallLog.Tokenless> tokenless() throws IOException {
        List<CallLog.Tokenless> all =
                new ArrayList<>(CallLog.tokenless(outsideCalls(), Duration.ZERO));
        for (Crew.Member member : crew.members()) {
            all.addAll(CallLog.tokenless(member.calls(), Duration.ZERO));
        }
        return all;
    }

    /** Draws up the account of each app. */
    List<Account> accounts() throws IOException, SQLException {
        List<Account> accounts = new ArrayList<>();
        SealingKey key = SealingKey.fromFile(folder.resolve("evergrant.db.key"));
        for (String retention : RETENTIONS) {
            String name = name(retention);
            App app = Objects.requireNonNull(configuration.apps().get(name));
            Account account =
                    new Account(
                            name,
                            Retention.parse(retention),
                            scribe.versions(app.recordId(), key),
                            mints.of(name),
                            crew.deaths());
            account.add(CallLog.calls(outsideCalls(), Duration.ZERO), false);
            for (Crew.Member member : crew.members()) {
                boolean killed = crew.deathOf(member.process().pid()) != null;
                account.add(CallLog.calls(member.calls(), Duration.ZERO), killed);
            }
            AppState judged = provider.state().app(name);
            account.compare(judged.mints(), judged.apiOk(), judged.api401());
            accounts.add(account);
        }
        return accounts;
    }

    private Path outsideCalls() {
        return folder.resolve("outside.calls");
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        crew.close();
        callers.close();
        log.close();
        api.close();
        store.close();
        provider.close();
    }
}
