package org.evergrant.trials;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.evergrant.App;
import org.evergrant.broker.config.Configuration;
import org.evergrant.emulator.AppState;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Retention;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.jspecify.annotations.Nullable;

/**
 * Brokers and users of the library on one store, each behind doors of its own, every second one
 * with a clock that is 30 s ahead, under {@code newest-only}; things are done to them and to the
 * store again and again, and the provider counts.
 */
final class FleetTrial implements AutoCloseable {
    static final String APP = "zoom";

    /** How far every second node's clock is ahead. */
    private static final Duration AHEAD = Duration.ofSeconds(30);

    private static final Duration LATENCY = Duration.ofMillis(100);
    private static final Duration STARTING = Duration.ofMinutes(2);

    /** More JVMs that start at once would be busy with each other. */
    private static final int AT_ONCE = 5;

    private static final Duration TELLING = Duration.ofSeconds(10);
    private static final String SECRET = "a-secret";

    /**
     * How large it is.
     *
     * @param callers of each node
     * @param think the shortest pause of a caller between two calls
     * @param life of a token
     * @param quiet the shortest quiet spell
     */
    record Size(
            int brokers,
            int libraries,
            int callers,
            Duration think,
            Duration life,
            Duration quiet) {
        int nodes() {
            return brokers + libraries;
        }
    }

    private final Path folder;
    private final SharedStore servers;
    private final Size size;
    private final PrintStream out;
    private final Random random;
    private final Emulator provider;
    private final MintBook mints;
    private final SealingKey key;
    private final String keyText = SealingKey.newText();
    private final App app;
    private final Store store;
    private final StoreDoors ownDoors;
    private final Scribe scribe;
    private final Crew crew;
    private final Api api;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, StoreDoors> doors = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, OutsideCallers> clients = new LinkedHashMap<>();
    private final List<CallLog> logs = new ArrayList<>();
    private @Nullable Mischief mischief;

    /** Starts the provider; {@link #start} the rest. */
    FleetTrial(Path folder, SharedStore servers, Size size, long seed, PrintStream out)
            throws IOException, SQLException {
        this.folder = folder;
        this.servers = servers;
        this.size = size;
        this.out = out;
        this.random = new Random(seed);
        this.provider =
                Emulator.builder()
                        .retention(Retention.newestOnly())
                        .lifetime(size.life())
                        .latency(LATENCY)
                        .app("an-account", APP, SECRET)
                        .start();
        this.mints = new MintBook(provider);
        this.key = SealingKey.fromText(keyText, "the trial");
        this.ownDoors = servers.doors();
        Configuration own = Configuration.load(configuration("trial", ownDoors.url()), Map.of());
        this.app = Objects.requireNonNull(own.apps().get(APP));
        this.store = own.openStore();
        this.scribe = servers.scribe(store);
        this.crew = new Crew(folder, provider.url());
        this.api = new Api(provider.url());
    }

    /** Starts all nodes, a few at a time, and returns once all of them work. */
    void start() throws IOException {
        for (int i = 0; i < size.nodes(); i++) {
            if (i < size.brokers()) {
                startBroker("broker-" + i, ahead(i));
            } else {
                int number = i - size.brokers();
                String name = "library-" + number;
                crew.startLibrary(
                        name, nodeFile(name), size.callers(), size.think(), ahead(number));
            }
            if (i % AT_ONCE == AT_ONCE - 1 || i == size.nodes() - 1) {
                Await.until("they work", STARTING, this::allWork);
            }
        }
        crew.assertNoneFell();
    }

    private static Duration ahead(int number) {
        return number % 2 == 0 ? Duration.ZERO : AHEAD;
    }

    private static Duration ahead(String name) {
        return ahead(Integer.parseInt(name.substring(name.indexOf('-') + 1)));
    }

    private void startBroker(String name, Duration ahead) throws IOException {
        int port = KillTrial.freePort();
        ports.put(name, port);
        crew.startBroker(name, nodeFile(name), port, ahead);
        CallLog log = new CallLog(outsideCalls(name));
        logs.add(log);
        clients.put(name, new OutsideCallers(api, log, size.think()));
    }

    private Path nodeFile(String name) throws IOException {
        StoreDoors own = servers.doors();
        doors.put(name, own);
        return configuration(name, own.url());
    }

    private Path configuration(String name, String url) throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                """
                store: %s
                store-key: %s
                apps:
                  %s:
                    provider: zoom
                    token-url: %s/oauth/token
                    api-url: %s
                    account-id: an-account
                    client-id: zoom
                    client-secret: %s
                    retention: newest-only
                    mint-deadline: 4s
                """
                        .formatted(url, keyText, APP, provider.url(), provider.url(), SECRET));
    }

    private boolean isReady(String broker) {
        return BrokerProcess.isReady(http, Objects.requireNonNull(ports.get(broker), broker));
    }

    private boolean allWork() {
        return crew.members().stream()
                .allMatch(member ->
                        !member.process().isAlive()
                                || (member.kind() == Crew.Kind.BROKER
                                        ? isReady(member.name())
                                        : Files.exists(member.calls())));
    }

    /** Lets callers call and things happen for that long, then lets everything come to rest. */
    void run(Duration time) throws IOException, InterruptedException, ExecutionException {
        clients.forEach((name, callers) -> {
            for (int i = 0; i < size.callers(); i++) {
                callers.askBroker(Objects.requireNonNull(ports.get(name)), APP, APP, SECRET);
            }
        });
        Mischief begun = mischief();
        mischief = begun;
        Thread teller = Thread.ofVirtual().start(() -> tell(begun));
        try {
            begun.run(time);
            for (OutsideCallers callers : clients.values()) {
                callers.stop();
            }
            crew.stop();
        } finally {
            teller.interrupt();
            teller.join();
        }
        LockSupport.parkNanos(LATENCY.multipliedBy(3).toNanos());
        mints.collect();
    }

    private Mischief mischief() {
        Duration claim = Policy.of(app).claimLife();
        return new Mischief(
                crew,
                servers,
                doors,
                this::isReady,
                store,
                app.recordId(),
                new Mischief.Pace(size.quiet(), claim, size.life(), LATENCY),
                random);
    }

    /** Says now and then how far it has come, until it is interrupted. */
    private void tell(Mischief happening) {
        Instant begin = Instant.now();
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(TELLING.toNanos());
            mints.collect();
            AppState judged = provider.state().app(APP);
            out.printf(
                    Locale.ROOT,
                    "%4d s: %d calls, %d of them 401, %d mints; done so far: %s%n",
                    Duration.between(begin, Instant.now()).toSeconds(),
                    judged.apiOk() + judged.api401(),
                    judged.api401(),
                    judged.mints(),
                    count(happening.mishaps()));
            out.flush();
        }
    }

    private static Map<Mishap.Kind, Integer> count(List<Mishap> mishaps) {
        Map<Mishap.Kind, Integer> counts = new EnumMap<>(Mishap.Kind.class);
        mishaps.stream()
                .filter(mishap -> mishap.kind() != Mishap.Kind.STARTING)
                .forEach(mishap -> counts.merge(mishap.kind(), 1, Integer::sum));
        return counts;
    }

    /** Returns how often what was done. */
    Map<Mishap.Kind, Integer> done() {
        return count(mishaps());
    }

    private List<Mishap> mishaps() {
        return Objects.requireNonNull(mischief).mishaps();
    }

    /** Draws up the account. */
    Account account() throws IOException, SQLException {
        Account account =
                new Account(
                        APP,
                        Retention.newestOnly(),
                        scribe.versions(app.recordId(), key),
                        mints.of(APP),
                        mishaps());
        for (String broker : clients.keySet()) {
            account.add(CallLog.calls(outsideCalls(broker), Duration.ZERO), false);
        }
        for (Crew.Member member : libraries()) {
            account.add(CallLog.calls(member.calls(), ahead(member.name())), wasHurt(member));
        }
        AppState judged = provider.state().app(APP);
        account.compare(judged.mints(), judged.apiOk(), judged.api401());
        return account;
    }

    /** Finds the reason of each ask that brought no token. */
    Asks asks(Account account) throws IOException {
        Asks asks = new Asks(account.claims(), mishaps());
        for (String broker : clients.keySet()) {
            asks.add(
                    CallLog.tokenless(outsideCalls(broker), Duration.ZERO),
                    pid -> isNamed(pid, broker));
        }
        for (Crew.Member member : libraries()) {
            asks.add(
                    CallLog.tokenless(member.calls(), ahead(member.name())),
                    pid -> isNamed(pid, member.name()));
        }
        return asks;
    }

    private boolean isNamed(long pid, String name) {
        Crew.Member member = crew.byPid(pid);
        return member != null && member.name().equals(name);
    }

    private boolean wasHurt(Crew.Member member) {
        return mishaps().stream().anyMatch(one -> one.pid() == member.process().pid());
    }

    /** Returns by how much the clock of each user of the library was ahead when it began. */
    Map<String, Duration> clocksAhead() throws IOException {
        Map<String, Duration> ahead = new LinkedHashMap<>();
        for (Crew.Member member : libraries()) {
            Instant shown = Objects.requireNonNull(CallLog.begun(member.calls()), member.name());
            ahead.put(member.name(), Duration.between(member.startedAt(), shown));
        }
        return ahead;
    }

    private List<Crew.Member> libraries() {
        return crew.members().stream()
                .filter(member -> member.kind() == Crew.Kind.LIBRARY)
                .toList();
    }

    private Path outsideCalls(String broker) {
        return folder.resolve("outside-" + broker + ".calls");
    }

    @Override
    public void close() throws IOException {
        crew.close();
        clients.values().forEach(OutsideCallers::close);
        for (CallLog log : logs) {
            log.close();
        }
        api.close();
        http.close();
        store.close();
        for (StoreDoors each : doors.values()) {
            each.close();
        }
        ownDoors.close();
        provider.close();
    }
}
