package org.evergrant.broker.config;

import java.util.Map;
import org.evergrant.App;

/** Finds two apps that are one registration at the provider. */
final class Registrations {
    private Registrations() {}

    /**
     * Two names for one registration mint side by side and so kill each other's tokens; where mints
     * kill nothing, two of them make sense with different scopes.
     */
    static void check(App app, Map<String, App> before, Section section) {
        for (App other : before.values()) {
            boolean same =
                    app.tokenUrl().equals(other.tokenUrl())
                            && app.accountId().equals(other.accountId())
                            && app.clientId().equals(other.clientId());
            boolean harmless =
                    app.retention().killsNothing()
                            && other.retention().killsNothing()
                            && !app.scope().equals(other.scope());
            if (same && !harmless) {
                section.fault(
                        "client-id",
                        "the same registration as the app "
                                + other.id()
                                + "; each would kill the other's tokens");
            }
        }
    }
}
