package org.evergrant.broker;

import java.util.HashSet;
import java.util.Set;

/**
 * Somebody whose credentials were right.
 *
 * @param name the caller's name, or the client id of an app's own credentials
 * @param apps the names of the apps it may ask for
 */
record Identity(String name, Set<String> apps) {
    Identity {
        apps = Set.copyOf(apps);
    }

    /** Returns one that may ask for what either may. */
    Identity and(Identity other) {
        Set<String> both = new HashSet<>(apps);
        both.addAll(other.apps);
        return new Identity(name, both);
    }

    boolean mayUse(String app) {
        return apps.contains(app);
    }
}
