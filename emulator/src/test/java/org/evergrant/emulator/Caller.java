package org.evergrant.emulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of an emulator, as somebody might write one with what the JDK has. */
final class Caller {
    static final String BASIC = basic(Emulator.DEMO_CLIENT, Emulator.DEMO_SECRET);
    static final String GRANT =
            "grant_type=account_credentials&account_id=" + Emulator.DEMO_ACCOUNT;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final String url;

    Caller(Emulator emulator) {
        this.url = emulator.url();
    }

    static String basic(String id, String secret) {
        byte[] pair = (id + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** A token for the demo app; fails if there is none. */
    String token() throws IOException {
        return token("");
    }

    /** The same, with more parameters, such as {@code &token_index=1}. */
    String token(String more) throws IOException {
        HttpResponse<String> answer = mint(more);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return text(answer, "access_token");
    }

    HttpResponse<String> mint() throws IOException {
        return mint("");
    }

    HttpResponse<String> mint(String more) throws IOException {
        return post("/oauth/token", GRANT + more, "Authorization", BASIC);
    }

    HttpResponse<String> me(String token) throws IOException {
        return get("/v2/users/me", token);
    }

    boolean accepts(String token) throws IOException {
        return me(token).statusCode() == 200;
    }

    HttpResponse<String> get(String path, String token) throws IOException {
        return send(request(path, "Authorization", "Bearer " + token).GET());
    }

    HttpResponse<String> get(String path) throws IOException {
        return send(request(path).GET());
    }

    /** Posts a form. */
    HttpResponse<String> post(String path, String body, String... headers) throws IOException {
        return send(
                request(path, headers)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> control(String method, String path, String json) throws IOException {
        return send(
                request("/_emulator/" + path)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(json)));
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(DEADLINE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        return send(request.build(), BodyHandlers.ofString());
    }

    static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        try {
            return HTTP.send(request, handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static Map<String, Object> json(HttpResponse<String> answer) {
        return Json.readFlat(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    static String text(HttpResponse<String> answer, String name) {
        @Nullable Object value = json(answer).get(name);
        if (value instanceof String text) {
            return text;
        }
        throw new AssertionError(name + " is " + value);
    }
}
