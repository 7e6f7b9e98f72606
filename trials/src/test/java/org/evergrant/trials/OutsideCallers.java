package org.evergrant.trials;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Callers that nobody kills: clients of the brokers, and scripts that run {@code evergrant token}.
 * Each keeps a token for as long as it was told, whatever becomes of the process that told it, and
 * calls the API with it all the while.
 */
final class OutsideCallers implements AutoCloseable {
    private static final Duration BETWEEN_COMMANDS = Duration.ofMillis(200);
    private static final Duration LONGEST_ASK = Duration.ofSeconds(30);
    private static final int TRY_LATER = 75;

    /** What is logged of an ask whose broker is not there, or gone before it answered. */
    static final String UNREACHED = "no answer";

    private static final Report NOBODY_TO_TELL = token -> {};

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new CopyOnWriteArrayList<>();
    private final JsonMapper json = new JsonMapper();
    private final Api api;
    private final CallLog log;
    private final Duration think;
    private volatile boolean stopped;

    /**
     * Makes some that do nothing yet.
     *
     * @param think the shortest pause of a caller, which takes up to twice as long
     */
    OutsideCallers(Api api, CallLog log, Duration think) {
        this.api = api;
        this.log = log;
        this.think = think;
    }

    /** Work that a caller repeats. */
    private interface Round {
        void run() throws IOException, InterruptedException;
    }

    /** Tells whoever gave the token that the API refused it. */
    private interface Report {
        void of(String token) throws IOException, InterruptedException;
    }

    /** Begins to ask a broker for one app. */
    void askBroker(int port, String app, String client, String secret) {
        byte[] credentials = (client + ":" + secret).getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder form =
                HttpRequest.newBuilder()
                        .timeout(LONGEST_ASK)
                        .header(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(credentials))
                        .header("Content-Type", "application/x-www-form-urlencoded");
        String broker = "http://127.0.0.1:" + port;
        HttpRequest ask =
                form.copy()
                        .uri(URI.create(broker + "/oauth/token"))
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                        .build();
        Report report =
                token ->
                        http.send(
                                form.copy()
                                        .uri(URI.create(broker + "/apps/" + app + "/rejected"))
                                        .POST(
                                                BodyPublishers.ofString(
                                                        "token="
                                                                + URLEncoder.encode(
                                                                        token,
                                                                        StandardCharsets.UTF_8)))
                                        .build(),
                                BodyHandlers.discarding());
        repeat(think, () -> useBroker(ask, app, report));
    }

    /** Begins to run one command after the other, each for an app drawn at random. */
    void runCommands(Crew crew, Path configuration, List<String> apps, Random random) {
        repeat(
                BETWEEN_COMMANDS,
                () -> runCommand(crew, configuration, apps.get(random.nextInt(apps.size()))));
    }

    private void repeat(Duration pause, Round round) {
        running.add(
                threads.submit(() -> {
                    while (!stopped) {
                        round.run();
                        pause(pause);
                    }
                    return null;
                }));
    }

    private void useBroker(HttpRequest ask, String app, Report report) throws InterruptedException {
        Instant asked = Instant.now();
        try {
            HttpResponse<String> answer = http.send(ask, BodyHandlers.ofString());
            JsonNode body = json.readTree(answer.body());
            if (answer.statusCode() == 200) {
                // Counted from before the ask, which is never later than the broker counts.
                Instant until = asked.plusSeconds(body.path("expires_in").asLong());
                use(app, body.path("access_token").asString(), until, report);
            } else {
                log.tokenless(
                        app, asked, answer.statusCode() + " " + body.path("error_description"));
            }
        } catch (IOException gone) {
            log.tokenless(app, asked, UNREACHED);
        }
    }

    private void runCommand(Crew crew, Path configuration, String app)
            throws IOException, InterruptedException {
        Instant asked = Instant.now();
        Crew.Member command = crew.startCommand(app, configuration);
        if (!command.process().waitFor(LONGEST_ASK.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the command hangs: " + Files.readString(command.errors()));
        }
        String answer = Files.readString(command.output());
        int code = command.process().exitValue();
        // A command may be killed after it has printed its token, and before.
        if (answer.endsWith("}\n")) {
            JsonNode body = json.readTree(answer);
            Instant until = Instant.parse(body.path("expires_at").asString());
            String token = body.path("access_token").asString();
            running.add(
                    threads.submit(() -> {
                        use(app, token, until, NOBODY_TO_TELL);
                        return null;
                    }));
        } else if (code == TRY_LATER) {
            log.tokenless(app, asked, Files.readString(command.errors()));
        } else if (code != Crew.BY_SIGKILL) {
            throw new AssertionError("the command failed: " + Files.readString(command.errors()));
        }
    }

    /** Calls at least once, then until the time is over. */
    private void use(String app, String token, Instant until, Report report)
            throws IOException, InterruptedException {
        Instant handed = Instant.now();
        do {
            if (log.call(api, app, token, handed, until) == 401) {
                report.of(token);
                return;
            }
            pause(think);
        } while (Instant.now().isBefore(until) && !stopped);
    }

    /** Lets a caller think for that long, or up to twice as long. */
    static void pause(Duration least) {
        long nanos = least.toNanos();
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(nanos, 2 * nanos));
    }

    /** Has all callers end, and fails with what one of them failed with. */
    void stop() throws InterruptedException, ExecutionException {
        stopped = true;
        for (Future<?> one : running) {
            one.get();
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.close();
        http.close();
    }
}
