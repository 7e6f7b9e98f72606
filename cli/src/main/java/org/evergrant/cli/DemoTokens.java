package org.evergrant.cli;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;

/** Where the callers of one process get their tokens from. */
interface DemoTokens {
    /** Returns a token for the next call. */
    String next() throws IOException;

    /** The API answered that token 401. */
    default void rejected(String token) throws IOException {}

    static DemoTokens perCall(String provider) {
        URL endpoint = url(provider + "/oauth/token");
        return () -> DemoHttp.token(endpoint).text();
    }

    static DemoTokens cached(String provider) {
        return new Cached(url(provider + "/oauth/token"));
    }

    static DemoTokens evergrant(String broker) {
        return new Brokered(url(broker + "/oauth/token"), url(broker + "/apps/zoom/rejected"));
    }

    static URL url(String address) {
        try {
            return URI.create(address).toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(address, impossible);
        }
    }

    /** As people write it by hand: one lock, one field, one time to live. */
    final class Cached implements DemoTokens {
        private final URL endpoint;
        private String token = "";
        private long overNanos;

        private Cached(URL endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public synchronized String next() throws IOException {
            long now = System.nanoTime();
            if (token.isEmpty() || now - overNanos >= 0) {
                DemoHttp.Token minted = DemoHttp.token(endpoint);
                token = minted.text();
                overNanos = now + Duration.ofSeconds(minted.seconds()).toNanos();
            }
            return token;
        }
    }

    /** Asks the broker, and reports what the API refused. */
    final class Brokered implements DemoTokens {
        private final URL endpoint;
        private final URL reports;

        private Brokered(URL endpoint, URL reports) {
            this.endpoint = endpoint;
            this.reports = reports;
        }

        @Override
        public String next() throws IOException {
            return DemoHttp.token(endpoint).text();
        }

        @Override
        public void rejected(String token) throws IOException {
            DemoHttp.reject(reports, token);
        }
    }
}
