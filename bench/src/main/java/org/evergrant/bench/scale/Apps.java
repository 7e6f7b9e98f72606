package org.evergrant.bench.scale;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Retention;
import org.evergrant.Secret;

/** Apps at one provider, as many as wanted. */
final class Apps {
    private static final URI TOKEN_URL = URI.create("http://127.0.0.1/oauth/token");

    /** Tells one run's apps from another's, whose tokens a server of a URL may still hold. */
    private static final AtomicLong RUN = new AtomicLong(System.currentTimeMillis());

    private Apps() {}

    /** Returns new apps, of which no store has heard, from number {@code from} on. */
    static List<App> of(int from, int count, Retention retention) {
        String run = Long.toString(RUN.getAndIncrement(), 36);
        return IntStream.range(from, from + count)
                .mapToObj(number -> of(run, number, retention))
                .toList();
    }

    private static App of(String run, int number, Retention retention) {
        return App.zoom(AppId.of("app-" + number))
                .tokenUrl(TOKEN_URL)
                .accountId("account-" + run + "-" + number)
                .clientId("client-" + number)
                .clientSecret(Secret.of("secret-" + number))
                .retention(retention)
                .build();
    }
}
