package org.evergrant.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.broker.config.Caller;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.config.Listen;
import org.evergrant.broker.config.StoreSpec;
import org.evergrant.emulator.Emulator;
import org.evergrant.testkit.NothingLeft;

/** A broker in front of an emulator, and clients of both. */
final class Fixture {
    static final String CANARY = NothingLeft.CANARY + "+/%";
    static final String BASIC = basic(Emulator.DEMO_CLIENT, Emulator.DEMO_SECRET);
    static final String GRANT = "grant_type=client_credentials";
    static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Fixture() {}

    static App.Builder zoom(String tokenUrl) {
        return App.zoom(AppId.of("zoom"))
                .tokenUrl(URI.create(tokenUrl))
                .apiUrl(URI.create("https://api.example.com"))
                .accountId(Emulator.DEMO_ACCOUNT)
                .clientId(Emulator.DEMO_CLIENT)
                .clientSecret(Secret.of(Emulator.DEMO_SECRET))
                .retention(Retention.NEWEST_ONLY);
    }

    static Configuration configuration(App... apps) {
        Map<String, App> byName = new LinkedHashMap<>();
        for (App app : apps) {
            byName.put(app.id().value(), app);
        }
        String first = apps[0].id().value();
        return new Configuration(
                "test",
                new Listen("127.0.0.1", 0),
                new StoreSpec.Memory(),
                byName,
                Map.of(
                        "one", new Caller("one", Secret.of(CANARY), Set.of(first)),
                        "all", new Caller("all", Secret.of("all-secret"), byName.keySet())),
                Duration.ofSeconds(5),
                null);
    }

    static String basic(String name, String secret) {
        byte[] pair = (name + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    static HttpResponse<String> post(String url, String form, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
        return send(request, headers);
    }

    static HttpResponse<String> get(String url, String... headers) {
        return send(HttpRequest.newBuilder(URI.create(url)), headers);
    }

    static HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(
                    request.timeout(Duration.ofSeconds(20)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new AssertionError(failure);
        }
    }

    /** Sends these bytes and returns all that comes until the broker closes. */
    static String raw(int port, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String field(HttpResponse<String> answer, String name) {
        var matcher =
                java.util.regex.Pattern.compile("\"" + name + "\":\"?([^,\"}]*)")
                        .matcher(answer.body());
        if (!matcher.find()) {
            throw new AssertionError("no " + name + " in " + answer.body());
        }
        return matcher.group(1);
    }
}
