package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.GRANT;
import static org.evergrant.broker.Fixture.basic;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.Fixture.post;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MemoryStore;
import org.evergrant.Secret;
import org.evergrant.broker.config.Configuration;
import org.evergrant.testkit.CountingStore;
import org.junit.jupiter.api.Test;

/** A broker of more apps than anybody looks at in one go. */
final class ManyAppsTest {
    private static final Pattern APP = Pattern.compile("\"app\":\"(app-[0-9]+)\"");

    /** More threads than a broker has here, whatever the number of its apps. */
    private static final int MANY = 20 + 2 * Runtime.getRuntime().availableProcessors();

    /** Nobody listens there: a mint fails at once. */
    private static final URI NOWHERE = URI.create("http://127.0.0.1:1/oauth/token");

    @Test
    void hundredThousandAppsCostNoReadAndNoThreadBeforeTheyAreAskedFor() {
        CountingStore store = new CountingStore(MemoryStore.create());
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        try (Broker broker = Broker.start(configuration(apps(100_000)), store)) {
            assertThat(get(broker.url() + "/healthz").statusCode()).isEqualTo(200);

            // The broker's few, and what the JVM and the test's own HTTP client start besides.
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .hasSizeLessThan(MANY);
        }

        assertThat(store.counts().calls()).isZero();
    }

    @Test
    void appsAreShownInPagesThatTogetherAreAll() {
        try (Broker broker = Broker.start(configuration(apps(250)))) {
            List<String> shown = new ArrayList<>();
            List<Integer> pages = new ArrayList<>();
            for (String next = "/v1/apps"; next != null; ) {
                String page = get(broker.url() + next).body();
                List<String> names = names(page);
                pages.add(names.size());
                shown.addAll(names);
                Matcher more = Pattern.compile("\"next\":\"([^\"]+)\"").matcher(page);
                next = more.find() ? more.group(1) : null;
            }

            assertThat(pages).containsExactly(100, 100, 50);
            assertThat(shown)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 250).mapToObj(i -> "app-" + i).toList());
            assertThat(get(broker.url() + "/").body()).contains("href=\"?after=app-99\"");
            assertThat(get(broker.url() + "/?after=app-199").body())
                    .contains("<td>app-200", "<td>app-249")
                    .doesNotContain("<td>app-199", "href=\"?after");
            assertThat(get(broker.url() + "/v1/apps?after=%22").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void callerOfOneAppAmongManySeesItAlone() {
        try (Broker broker = Broker.start(configuration(apps(250)))) {
            HttpResponse<String> page =
                    get(
                            broker.url() + "/v1/apps",
                            "Authorization",
                            basic("client-242", "secret"),
                            "X-Forwarded-For",
                            "10.0.0.1");

            assertThat(names(page.body())).containsExactly("app-242");
            assertThat(page.body()).doesNotContain("\"next\"");
        }
    }

    @Test
    void upToAThousandAppsAreCountedFromZeroAndMoreOnceTheyCount() {
        try (Broker broker = Broker.start(configuration(apps(1000)))) {
            String metrics = get(broker.url() + "/metrics").body();

            assertThat(series(metrics, "evergrant_mints_total", "minted")).hasSize(1000);
            assertThat(metrics.length()).isGreaterThan(2_000_000);
            assertThat(metrics).contains("evergrant_store_reachable 1.0\n");
        }
        try (Broker broker = Broker.start(configuration(apps(1001)))) {
            ask(broker, 7);

            String metrics = get(broker.url() + "/metrics").body();

            assertThat(metrics.lines().filter(line -> line.contains("{app=")))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("{app=\"app-7\""));
            assertThat(metrics)
                    .contains(
                            "evergrant_handouts_total{app=\"app-7\",door=\"token\",outcome=\"try-later\"}"
                                + " 1.0",
                            "evergrant_trouble{app=\"app-7\",kind=\"unreachable\"} 1.0")
                    .doesNotContain("outcome=\"served\"");
        }
    }

    @Test
    void eventsBeginWithEveryAppThatWasAskedForHoweverMany() throws Exception {
        int asked = 600;
        try (ExecutorService threads = Executors.newFixedThreadPool(100);
                Broker broker = Broker.start(configuration(apps(1001)))) {
            List<CompletableFuture<?>> asks = new ArrayList<>();
            for (int i = 0; i < asked; i++) {
                int number = i;
                asks.add(CompletableFuture.runAsync(() -> ask(broker, number), threads));
            }
            asks.forEach(CompletableFuture::join);

            Set<String> heard = new HashSet<>();
            HttpResponse<InputStream> stream =
                    Fixture.HTTP.send(
                            HttpRequest.newBuilder(URI.create(broker.url() + "/v1/events")).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                while (heard.size() < asked) {
                    heard.addAll(names(lines.readLine()));
                }
            }

            assertThat(heard).hasSize(asked).contains("app-0", "app-599");
        }
    }

    @Test
    void messagesNameTheFirstOfManyApps() {
        try (Broker broker = Broker.start(configuration(apps(1001)))) {
            HttpResponse<String> answer =
                    post(
                            broker.url() + "/oauth/token",
                            GRANT,
                            "Authorization",
                            basic("all", "all-secret"));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("app-0, app-1, ", " and 981 more")
                    .hasSizeLessThan(600);
        }
    }

    private static void ask(Broker broker, int number) {
        post(
                broker.url() + "/apps/app-" + number + "/oauth/token",
                GRANT,
                "Authorization",
                basic("client-" + number, "secret"));
    }

    private static List<String> names(String text) {
        return APP.matcher(text).results().map(found -> found.group(1)).toList();
    }

    private static List<String> series(String metrics, String name, String outcome) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(outcome))
                .toList();
    }

    /** Nobody waits long for a provider that is not there. */
    private static Configuration configuration(App... apps) {
        Configuration usual = Fixture.configuration(apps);
        return new Configuration(
                usual.source(),
                usual.listen(),
                usual.store(),
                usual.apps(),
                usual.callers(),
                Duration.ofMillis(50),
                null);
    }

    private static App[] apps(int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        App.builder(AppId.of("app-" + i))
                                .tokenUrl(NOWHERE)
                                .clientId("client-" + i)
                                .clientSecret(Secret.of("secret"))
                                .build())
                .toArray(App[]::new);
    }
}
