package org.evergrant;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.evergrant.spi.DurationText;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * Mints over HTTP/1.1. One deadline spans everything from connecting to the last byte of the
 * answer. Redirects are not followed: they would take the credentials elsewhere.
 */
final class HttpMinter implements Minter {
    private static final String USER_AGENT = "evergrant/0.1";

    /** So much of the deadline may pass before the headers are there; the rest is for the body. */
    private static final double HEADERS_SHARE = 0.9;

    private @Nullable HttpClient client;
    private boolean closed;

    @Override
    public CompletableFuture<Answer> mint(App app, int index) {
        HttpClient http = client();
        if (http == null) {
            return CompletableFuture.completedFuture(unreachable("the minter is closed"));
        }
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request(app, index), headers -> new LimitedBody());
        // A timeout on the exchange's own future would complete it, and leave the exchange running.
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        CompletableFuture<Void> unused =
                exchange.handle((response, failure) -> answer(app, index, response, failure))
                        .thenAccept(answer::complete);
        long deadline = app.mintDeadline().toMillis();
        return answer.completeOnTimeout(late(app), deadline, TimeUnit.MILLISECONDS)
                .whenComplete((done, never) -> exchange.cancel(true));
    }

    @Override
    public synchronized void close() {
        closed = true;
        // From JDK 21 on a client can be closed; before, it ends when nobody refers to it.
        if ((Object) client instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        client = null;
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

    private static HttpRequest request(App app, int index) {
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
        Map<String, String> query = Map.of();
        Map<String, String> form = new LinkedHashMap<>();
        if (app.parameters() == App.Parameters.QUERY) {
            query = parameters;
        } else {
            form.putAll(parameters);
        }
        if (app.authentication() == App.Authentication.BODY) {
            form.put("client_id", app.clientId());
            form.put("client_secret", app.clientSecret().reveal());
        }
        Duration headersBy =
                Duration.ofMillis((long) (app.mintDeadline().toMillis() * HEADERS_SHARE));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(withQuery(app.tokenUrl(), query))
                        .timeout(headersBy)
                        .header("Accept", "application/json")
                        .header("User-Agent", USER_AGENT)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(encoded(form)));
        if (app.authentication() == App.Authentication.BASIC) {
            request.header("Authorization", basic(app));
        }
        return request.build();
    }

    /**
     * RFC 6749 section 2.3.1 wants id and secret form-encoded before they are joined; Zoom, like
     * most providers, takes them as they are. Ids and secrets in use are the same either way.
     */
    private static String basic(App app) {
        String pair = app.clientId() + ":" + app.clientSecret().reveal();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
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

    private static Answer answer(
            App app,
            int index,
            @Nullable HttpResponse<byte[]> response,
            @Nullable Throwable failure) {
        if (response != null) {
            return TokenAnswer.of(
                    app, index, response.statusCode(), response.headers(), response.body());
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return failed(app, cause == null ? new IllegalStateException("no response") : cause);
    }

    /** Tells "the request never left" from "nobody knows what became of it". */
    private static Answer failed(App app, Throwable failure) {
        String host = app.tokenUrl().getAuthority();
        if (failure instanceof HttpConnectTimeoutException) {
            return unreachable("no connection to " + host + " in time");
        }
        if (failure instanceof HttpTimeoutException || failure instanceof TimeoutException) {
            return late(app);
        }
        if (causedBy(failure, UnresolvedAddressException.class)
                || causedBy(failure, UnknownHostException.class)) {
            return unreachable("the host of " + host + " is not known");
        }
        if (causedBy(failure, ConnectException.class)
                || causedBy(failure, NoRouteToHostException.class)) {
            return unreachable("no connection to " + host + ": " + said(failure));
        }
        if (isHandshake(failure)) {
            return unreachable("no TLS with " + host + ": " + said(failure));
        }
        return new Doubtful(
                "no whole answer from " + host + ": " + said(failure), Optional.empty());
    }

    private static boolean isHandshake(Throwable failure) {
        return causedBy(failure, SSLHandshakeException.class)
                || causedBy(failure, SSLPeerUnverifiedException.class)
                // What the JDK says when the peer does not speak TLS at all; there is no type for
                // it.
                || (failure instanceof SSLException
                        && said(failure).contains("plaintext connection"));
    }

    private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : Quote.cut(message);
    }

    private static Answer late(App app) {
        String deadline = DurationText.format(app.mintDeadline());
        return new Doubtful(
                "no answer from " + app.tokenUrl().getAuthority() + " within " + deadline,
                Optional.empty());
    }

    private static Answer unreachable(String detail) {
        return new NotMinted(Trouble.Kind.UNREACHABLE, detail, Optional.empty());
    }
}
