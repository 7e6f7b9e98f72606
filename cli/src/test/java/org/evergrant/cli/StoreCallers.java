package org.evergrant.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.evergrant.emulator.Emulator;
import org.evergrant.testkit.Await;

/** Callers that ask a broker before each call of the API, and note what goes wrong. */
final class StoreCallers implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(20);
    private static final String DEMO = Emulator.DEMO_CLIENT + ":" + Emulator.DEMO_SECRET;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Emulator provider;
    private final Supplier<String> broker;
    private final AtomicLong calls = new AtomicLong();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    StoreCallers(int count, Emulator provider, Supplier<String> broker) {
        this.provider = provider;
        this.broker = broker;
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::run, "caller-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** Waits for so many more calls. */
    void awaitCalls(int more) {
        long begin = calls.get();
        Await.until(more + " more calls", SOON, () -> calls.get() >= begin + more);
    }

    List<String> faults() {
        return faults;
    }

    private void run() {
        while (!over) {
            try {
                call();
            } catch (InterruptedException end) {
                return;
            } catch (IOException broken) {
                faults.add(broken.toString());
            }
        }
    }

    private void call() throws IOException, InterruptedException {
        String credentials =
                Base64.getEncoder().encodeToString(DEMO.getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> token =
                http.send(
                        HttpRequest.newBuilder(URI.create(broker.get() + "/oauth/token"))
                                .timeout(LONGEST_CALL)
                                .header("Authorization", "Basic " + credentials)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "grant_type=account_credentials&account_id="
                                                        + Emulator.DEMO_ACCOUNT))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (token.statusCode() != 200) {
            faults.add("the broker answered " + token.statusCode() + " " + token.body());
            return;
        }
        String value = token.body().replaceFirst("(?s).*\"access_token\":\"([^\"]+)\".*", "$1");
        HttpResponse<Void> answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(provider.apiUrl() + "/v2/users/me"))
                                .timeout(LONGEST_CALL)
                                .header("Authorization", "Bearer " + value)
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() != 200) {
            faults.add("the API answered " + answer.statusCode());
        }
        calls.incrementAndGet();
    }

    /** Lets each finish the call it is in. */
    void end() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join(LONGEST_CALL.toMillis());
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        end();
        http.close();
    }
}
