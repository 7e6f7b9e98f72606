package org.evergrant.broker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.evergrant.AppId;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Trouble;

/** Logs what changes: one line each, none per request, never a token. */
final class Journal implements Observer {
    private static final System.Logger LOG = System.getLogger("org.evergrant.broker");

    /** The trouble each app was last logged with, so that a lasting one is logged once. */
    private final Map<AppId, Trouble.Kind> troubles = new ConcurrentHashMap<>();

    @Override
    public void minted(AppId app, Token token, Duration took) {
        LOG.log(
                System.Logger.Level.INFO,
                "app {0}: minted generation {1} in {2} ms, expires {3}",
                app,
                Long.toString(token.generation()),
                Long.toString(took.toMillis()),
                token.expiresAt());
    }

    @Override
    public void notMinted(AppId app, Trouble trouble, Duration took) {
        troubles.put(app, trouble.kind());
        warn(app, trouble);
    }

    @Override
    public void adopted(AppId app, Token token) {
        LOG.log(
                System.Logger.Level.INFO,
                "app {0}: adopted generation {1}",
                app,
                Long.toString(token.generation()));
    }

    @Override
    public void rejected(AppId app, long generation, boolean newest) {
        if (newest) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "app {0}: the API refused generation {1}",
                    app,
                    Long.toString(generation));
        }
    }

    @Override
    public void changed(AppId app, AppRecord record) {
        Trouble trouble = record.trouble();
        Trouble.Kind before =
                trouble == null ? troubles.remove(app) : troubles.put(app, trouble.kind());
        if (trouble != null && trouble.kind() != before) {
            warn(app, trouble);
        } else if (trouble == null && before != null) {
            LOG.log(System.Logger.Level.INFO, "app {0}: {1} is over", app, before.word());
        }
    }

    @Override
    public void store(boolean reachable) {
        if (reachable) {
            LOG.log(System.Logger.Level.INFO, "the store is back");
        } else {
            LOG.log(System.Logger.Level.WARNING, "the store is away");
        }
    }

    private static void warn(AppId app, Trouble trouble) {
        LOG.log(
                System.Logger.Level.WARNING,
                "app {0}: {1}: {2}; next try {3}",
                app,
                trouble.kind().word(),
                trouble.detail(),
                trouble.retryAt());
    }
}
