package org.evergrant.broker.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.evergrant.App;

/** Finds two apps that are one registration at the provider. */
final class Registrations {
    private record Registration(URI tokenUrl, String accountId, String clientId) {}

    private final Map<Registration, List<App>> known = new HashMap<>();

    /**
     * Two names for one registration mint side by side and so kill each other's tokens; where mints
     * kill nothing, two of them make sense with different scopes.
     */
    void check(App app, Section section) {
        List<App> before =
                known.computeIfAbsent(
                        new Registration(app.tokenUrl(), app.accountId(), app.clientId()),
                        none -> new ArrayList<>(1));
        for (App other : before) {
            boolean harmless =
                    app.retention().killsNothing()
                            && other.retention().killsNothing()
                            && !app.scope().equals(other.scope());
            if (!harmless) {
                section.fault(
                        "client-id",
                        "the same registration as the app "
                                + other.id()
                                + "; each would kill the other's tokens");
            }
        }
        before.add(app);
    }
}
