package org.evergrant.bench.scale;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Retention;
import org.evergrant.Secret;

/** Apps at one provider, as many as wanted. */
final class Apps {
    private static final URI TOKEN_URL = URI.create("http://127.0.0.1/oauth/token");

    private Apps() {}

    /** Returns the apps from number {@code from} on. */
    static List<App> of(int from, int count, Retention retention) {
        return IntStream.range(from, from + count)
                .mapToObj(number -> of(number, retention))
                .toList();
    }

    private static App of(int number, Retention retention) {
        return App.zoom(AppId.of("app-" + number))
                .tokenUrl(TOKEN_URL)
                .accountId("account-" + number)
                .clientId("client-" + number)
                .clientSecret(Secret.of("secret-" + number))
                .retention(retention)
                .build();
    }
}
