package org.evergrant.emulator;

import java.util.List;
import java.util.Map;

/**
 * What the provider knows, all apps together. The counts are read one after the other while
 * requests go on: each is exact, the whole is no snapshot.
 *
 * @param mints token requests answered with a token
 * @param apiOk API calls let through
 * @param api401 API calls answered 401, those with a token of no app included
 * @param api401By the 401s by reason
 * @param apps each app
 * @param faults what is still to be suffered
 */
public record EmulatorState(
        long mints,
        long apiOk,
        long api401,
        Map<String, Long> api401By,
        List<AppState> apps,
        List<FaultOrder> faults) {
    /**
     * The app of that client id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public AppState app(String clientId) {
        return apps.stream()
                .filter(app -> app.clientId().equals(clientId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no app " + clientId));
    }
}
