package org.evergrant.trials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.evergrant.Token;

/** The provider's API as a caller sees it. */
final class Api implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI me;

    Api(String provider) {
        this.me = URI.create(provider + "/v2/users/me");
    }

    /** Makes one call with the token and returns its status. */
    int call(Token token) {
        return call(token.value().reveal());
    }

    /** The same for a caller who has only the text. */
    int call(String accessToken) {
        HttpRequest request =
                HttpRequest.newBuilder(me)
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", "Bearer " + accessToken)
                        .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
