package org.evergrant.cli;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Where the callers of one process get their tokens from. */
interface DemoTokens {
    /** Returns a token for the next call. */
    String next() throws IOException, InterruptedException;

    /** The API answered that token 401. */
    default void rejected(String token) throws IOException, InterruptedException {}

    static DemoTokens perCall(DemoHttp http, String provider) {
        URI endpoint = URI.create(provider + "/oauth/token");
        return () -> http.token(endpoint).text();
    }

    static DemoTokens cached(DemoHttp http, String provider) {
        return new Cached(http, URI.create(provider + "/oauth/token"));
    }

    static DemoTokens evergrant(DemoHttp http, String broker) {
        return new Brokered(
                http, URI.create(broker + "/oauth/token"), URI.create(broker + "/apps/zoom/rejected"));
    }

    /** As people write it by hand: one lock, one field, one time to live. */
    final class Cached implements DemoTokens {
        private final DemoHttp http;
        private final URI endpoint;
        private String token = "";
        private long overNanos;

        private Cached(DemoHttp http, URI endpoint) {
            this.http = http;
            this.endpoint = endpoint;
        }

        @Override
        public synchronized String next() throws IOException, InterruptedException {
            long now = System.nanoTime();
            if (token.isEmpty() || now - overNanos >= 0) {
                DemoHttp.Token minted = http.token(endpoint);
                token = minted.text();
                overNanos = now + Duration.ofSeconds(minted.seconds()).toNanos();
            }
            return token;
        }
    }

    /** Asks the broker, and reports what the API refused. */
    record Brokered(DemoHttp http, URI endpoint, URI reports) implements DemoTokens {
        @Override
        public String next() throws IOException, InterruptedException {
            return http.token(endpoint).text();
        }

        @Override
        public void rejected(String token) throws IOException, InterruptedException {
            http.reject(reports, token);
        }
    }
}
