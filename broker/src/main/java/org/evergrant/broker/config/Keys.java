package org.evergrant.broker.config;

import java.util.List;

/** Every key that a file may have. */
final class Keys {
    static final List<String> TOP =
            List.of(
                    "listen",
                    "store",
                    "store-key",
                    "wait",
                    "public-url",
                    "via",
                    "forwarded",
                    "access-log",
                    "apps",
                    "callers");

    static final List<String> APP =
            List.of(
                    "provider",
                    "token-url",
                    "api-url",
                    "grant",
                    "account-id",
                    "client-id",
                    "client-secret",
                    "scope",
                    "authentication",
                    "parameters",
                    "retention",
                    "margin",
                    "settle",
                    "mint-deadline",
                    "life-if-unsaid",
                    "mint-budget",
                    "keep-warm",
                    "on-store-loss",
                    "allow",
                    "replay-limit",
                    "answer-within",
                    "queue",
                    "pace",
                    "hide-query",
                    "legacy-jwt");

    static final List<String> LEGACY_JWT = List.of("key", "secret");

    static final List<String> CALLER = List.of("secret", "apps", "allow");

    static final List<String> PROVIDERS = List.of("zoom");

    /** Their values are in no message, however wrong they are. */
    static final List<String> SECRET = List.of("client-secret", "store-key", "secret");

    private Keys() {}
}
