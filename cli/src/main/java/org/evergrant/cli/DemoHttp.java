package org.evergrant.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.evergrant.emulator.Emulator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The requests that callers of the demo make; connections are kept. All methods block. */
final class DemoHttp {
    private static final int PATIENCE_MS = 20_000;
    private static final JsonFactory JSON = new JsonFactory();

    private static final String BASIC =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString(
                                    (Emulator.DEMO_CLIENT + ":" + Emulator.DEMO_SECRET)
                                            .getBytes(StandardCharsets.UTF_8));

    /** More than any process has callers, or connections would be opened again and again. */
    private static final String KEPT_CONNECTIONS = "1000";

    /**
     * Must be called before the first request of the process; the JDK reads these settings once.
     * {@code HttpURLConnection} costs a third of the time of {@code HttpClient}, and on two cores
     * with seven JVM's worth of work the demo would else show the client's own cost.
     */
    static void prepare() {
        System.setProperty("http.maxConnections", KEPT_CONNECTIONS);
        // A request sent twice would be a second mint.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private DemoHttp() {}

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
    static Token token(URL endpoint) throws IOException {
        HttpURLConnection connection =
                post(
                        endpoint,
                        "grant_type=account_credentials&account_id=" + Emulator.DEMO_ACCOUNT);
        String body = bodyOf(connection);
        int status = connection.getResponseCode();
        if (status != 200) {
            throw new NoToken("no token: the token endpoint answered " + status);
        }
        return read(body);
    }

    /** Tells the broker that the API refused the token. */
    static void reject(URL endpoint, String token) throws IOException {
        bodyOf(post(endpoint, "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8)));
    }

    /** Calls the API; returns the status. */
    static int call(URL api, String token) throws IOException {
        HttpURLConnection connection = open(api);
        connection.setRequestProperty("Authorization", "Bearer " + token);
        bodyOf(connection);
        return connection.getResponseCode();
    }

    private static HttpURLConnection post(URL endpoint, String form) throws IOException {
        HttpURLConnection connection = open(endpoint);
        connection.setRequestProperty("Authorization", BASIC);
        connection.setDoOutput(true);
        try (OutputStream body = connection.getOutputStream()) {
            body.write(form.getBytes(StandardCharsets.UTF_8));
        }
        return connection;
    }

    private static HttpURLConnection open(URL address) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.openConnection();
        connection.setConnectTimeout(PATIENCE_MS);
        connection.setReadTimeout(PATIENCE_MS);
        return connection;
    }

    /** Reads all of it, whatever the status, so that the connection can be used again. */
    private static String bodyOf(HttpURLConnection connection) throws IOException {
        boolean good = connection.getResponseCode() < 400;
        try (InputStream body = good ? connection.getInputStream() : connection.getErrorStream()) {
            return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
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
}
