package org.evergrant.broker.config;

import java.util.List;
import java.util.Set;
import org.evergrant.Secret;

/**
 * Somebody who may ask the broker for tokens.
 *
 * @param name what it authenticates as
 * @param secret what it proves that with
 * @param apps the names of the apps it may ask for; at least one
 * @param allow the calls that are forwarded for it; empty for all
 */
public record Caller(String name, Secret secret, Set<String> apps, List<Allow> allow) {
    /** Copies the collections. */
    public Caller {
        apps = Set.copyOf(apps);
        allow = List.copyOf(allow);
    }

    /** Makes one whose calls are not restricted. */
    public Caller(String name, Secret secret, Set<String> apps) {
        this(name, secret, apps, List.of());
    }

    /** Returns whether the call is forwarded for it; see {@link Allow#covers}. */
    public boolean allows(String method, String path) {
        return Forwarding.covers(allow, method, path);
    }
}
