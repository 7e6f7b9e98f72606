package org.evergrant.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.evergrant.emulator.Emulator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The requests that callers of the demo make; connections are kept. All methods block. */
final class DemoHttp implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonFactory JSON = new JsonFactory();

    private static final String BASIC =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString(
                                    (Emulator.DEMO_CLIENT + ":" + Emulator.DEMO_SECRET)
                                            .getBytes(StandardCharsets.UTF_8));

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(threads)
                    .connectTimeout(PATIENCE)
                    .build();

    /**
     * A token as a token endpoint answered it.
     *
     * @param seconds {@code expires_in}
     */
    record Token(String text, long seconds) {
        /** Without the token. */
        @Override
        public String toString() {
            return "Token[***, " + seconds + " s]";
        }
    }

    /** There was no token: what the endpoint answered. */
    static final class NoToken extends IOException {
        NoToken(String answer) {
            super(answer);
        }
    }

    /** Asks a token endpoint, the provider's or the broker's, as the app. */
    Token token(URI endpoint) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                post(
                        endpoint,
                        "grant_type=account_credentials&account_id=" + Emulator.DEMO_ACCOUNT);
        if (answer.statusCode() != 200) {
            throw new NoToken("no token: the token endpoint answered " + answer.statusCode());
        }
        return read(answer.body());
    }

    /** Tells the broker that the API refused the token. */
    void reject(URI endpoint, String token) throws IOException, InterruptedException {
        post(endpoint, "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    }

    /** Calls the API; returns the status. */
    int call(URI api, String token) throws IOException, InterruptedException {
        return get(HttpRequest.newBuilder(api).header("Authorization", "Bearer " + token));
    }

    /** Calls without a token; returns the status. */
    int call(URI address) throws IOException, InterruptedException {
        return get(HttpRequest.newBuilder(address));
    }

    private int get(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(
                        request.timeout(PATIENCE).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpResponse<String> post(URI endpoint, String form)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(endpoint)
                        .timeout(PATIENCE)
                        .header("Authorization", BASIC)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    static Token read(String body) throws NoToken {
        String text = "";
        long seconds = 0;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            while (json.nextToken() != null) {
                boolean value = json.currentToken() != JsonToken.PROPERTY_NAME;
                if (value && "access_token".equals(json.currentName())) {
                    text = json.getString();
                } else if (value && "expires_in".equals(json.currentName())) {
                    seconds = json.getLongValue();
                }
            }
        } catch (JacksonException unreadable) {
            text = "";
        }
        if (text.isEmpty()) {
            throw new NoToken("no token: the token endpoint's answer has none");
        }
        return new Token(text, seconds);
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
