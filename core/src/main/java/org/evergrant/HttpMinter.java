package org.evergrant;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.evergrant.spi.Minter;
import org.jspecify.annotations.Nullable;

/**
 * Mints over HTTP/1.1. One deadline spans everything from connecting to the last byte of the
 * answer. Redirects are not followed: they would take the credentials elsewhere.
 */
final class HttpMinter implements Minter {
    private static final String USER_AGENT = "evergrant/0.1";

    /** So much of the deadline may pass before the headers are there; the rest is for the body. */
    private static final double HEADERS_SHARE = 0.9;

    private final ConcurrentMap<Long, Runnable> underWay = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();
    private @Nullable HttpClient client;
    private volatile boolean closed;

    @Override
    public CompletableFuture<Answer> mint(App app, int index) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        RequestBody body = RequestBody.of(encoded(form(app, index)));
        long mine = number.incrementAndGet();
        underWay.put(mine, () -> answer.complete(MintFailure.closed(body)));
        CompletableFuture<?> unused = answer.whenComplete((a, f) -> underWay.remove(mine));
        try {
            HttpClient http = client();
            // Asked after it was added: this sees that the minter is closed, or close() sees it.
            if (http == null || closed) {
                answer.complete(MintFailure.unreachable("the minter is closed"));
            } else {
                send(http, app, index, body, answer);
            }
        } catch (IllegalArgumentException | UncheckedIOException unsent) {
            answer.complete(MintFailure.unsent(app, unsent));
        }
        return answer;
    }

    private static void send(
            HttpClient http,
            App app,
            int index,
            RequestBody body,
            CompletableFuture<Answer> answer) {
        HeardAnswer heard = new HeardAnswer(app, index);
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request(app, index, body), heard);
        CompletableFuture<?> unused =
                exchange.thenApply(whole -> answer(app, index, whole))
                        .exceptionally(failure ->
                                heard.refusalOr(() -> MintFailure.of(app, body, failure)))
                        .exceptionally(bug -> MintFailure.of(app, body, bug))
                        .thenAccept(answer::complete);
        CompletableFuture<Void> deadline = new CompletableFuture<>();
        unused =
                deadline.thenApply(over -> heard.refusalOr(() -> MintFailure.late(app, body)))
                        .exceptionally(bug -> MintFailure.late(app, body))
                        .thenAccept(answer::complete);
        unused =
                deadline.completeOnTimeout(
                        null, app.mintDeadline().toMillis(), TimeUnit.MILLISECONDS);
        // However the answer ends, by the deadline, by close() or by its owner, so does the
        // exchange; a timeout on the exchange's own future would leave it running.
        unused =
                answer.whenComplete((done, failure) -> {
                    exchange.cancel(true);
                    deadline.cancel(false);
                });
    }

    @Override
    public void close() {
        HttpClient last;
        synchronized (this) {
            closed = true;
            last = client;
            client = null;
        }
        underWay.values().forEach(Runnable::run);
        // From JDK 21 on a client can be closed; before, it ends when nobody refers to it. Closing
        // waits for exchanges to end, so they were cancelled first.
        if ((Object) last instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private synchronized @Nullable HttpClient client() {
        if (client == null && !closed) {
            client =
                    HttpClient.newBuilder()
                            // HTTP/2 over clear text would begin with an upgrade that providers
                            // refuse.
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .build();
        }
        return client;
    }

    private static Map<String, String> parameters(App app, int index) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", app.grant().word());
        if (app.grant() == App.Grant.ACCOUNT_CREDENTIALS) {
            parameters.put("account_id", app.accountId());
        }
        if (!app.scope().isEmpty()) {
            parameters.put("scope", app.scope());
        }
        if (app.retention().indexes() > 1) {
            parameters.put("token_index", String.valueOf(index));
        }
        return parameters;
    }

    private static Map<String, String> form(App app, int index) {
        Map<String, String> form = new LinkedHashMap<>();
        if (app.parameters() == App.Parameters.FORM) {
            form.putAll(parameters(app, index));
        }
        if (app.authentication() == App.Authentication.BODY) {
            form.put("client_id", app.clientId());
            form.put("client_secret", app.clientSecret().reveal());
        }
        return form;
    }

    private static HttpRequest request(App app, int index, RequestBody body) {
        Map<String, String> query =
                app.parameters() == App.Parameters.QUERY ? parameters(app, index) : Map.of();
        Duration headersBy =
                Duration.ofMillis((long) (app.mintDeadline().toMillis() * HEADERS_SHARE));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(withQuery(app.tokenUrl(), query))
                        .timeout(headersBy)
                        .header("Accept", "application/json")
                        .header("User-Agent", USER_AGENT)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(body);
        if (app.authentication() == App.Authentication.BASIC) {
            request.header("Authorization", "Basic " + Scrub.basic(app));
        }
        return request.build();
    }

    private static URI withQuery(URI url, Map<String, String> parameters) {
        if (parameters.isEmpty()) {
            return url;
        }
        String mark = url.getRawQuery() == null ? "?" : "&";
        return URI.create(url + mark + encoded(parameters));
    }

    private static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Answer answer(App app, int index, HttpResponse<byte[]> whole) {
        return TokenAnswer.of(app, index, whole.statusCode(), whole.headers(), whole.body());
    }
}
