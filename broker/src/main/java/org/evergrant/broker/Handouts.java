package org.evergrant.broker;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import org.evergrant.App;
import org.evergrant.Node;
import org.evergrant.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * The apps of the broker by name. What an app needs to hand out tokens is made when it is first
 * asked for, so that one nobody asks for costs its configuration and no more.
 */
final class Handouts {
    private final Map<String, App> apps;
    private final Node node;
    private final ConcurrentMap<String, Handout> asked;
    private final Renderings renderings = new Renderings();

    /**
     * Makes one for the broker's apps.
     *
     * @param asked where it keeps those that were asked for, by name
     */
    Handouts(Map<String, App> apps, Node node, ConcurrentMap<String, Handout> asked) {
        this.apps = apps;
        this.node = node;
        this.asked = asked;
    }

    /** Returns the app of this name, to be asked; null where there is none. */
    @Nullable Handout find(String name) {
        Handout there = asked.get(name);
        if (there != null) {
            return there;
        }
        App app = apps.get(name);
        // Under the name that the app has anyway: a request's own copy would stay as long.
        return app == null ? null : asked.computeIfAbsent(app.id().value(), id -> handout(app));
    }

    /** Returns the configured app of this name, to be looked at; null where there is none. */
    @Nullable App app(String name) {
        return apps.get(name);
    }

    /** Returns all apps, in the order of the configuration. */
    Collection<App> all() {
        return apps.values();
    }

    /** Returns the tokens of an app that was asked for before. */
    @Nullable TokenSource source(App app) {
        Handout there = asked.get(app.id().value());
        return there == null ? null : there.source();
    }

    /** Returns the instant on the store's clock. */
    Instant now() {
        // Any app knows it; a node keeps one clock for all.
        return node.tokens(apps.values().iterator().next()).now();
    }

    private Handout handout(App app) {
        TokenSource source = node.tokens(app);
        return new Handout(source, new AppMeters(app.id(), source), renderings);
    }
}
