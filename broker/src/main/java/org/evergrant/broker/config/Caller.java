package org.evergrant.broker.config;

import java.util.Set;
import org.evergrant.Secret;

/**
 * Somebody who may ask the broker for tokens.
 *
 * @param name what it authenticates as
 * @param secret what it proves that with
 * @param apps the names of the apps it may ask for; at least one
 */
public record Caller(String name, Secret secret, Set<String> apps) {
    /** Copies the set. */
    public Caller {
        apps = Set.copyOf(apps);
    }
}
