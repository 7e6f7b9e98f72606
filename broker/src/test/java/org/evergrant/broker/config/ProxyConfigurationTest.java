package org.evergrant.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.evergrant.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file says about the proxy. */
final class ProxyConfigurationTest {
    private static final String SECRET = "0123456789abcdefghijklmnopqrstuvwxyz";

    @TempDir Path folder;

    @Test
    void readsEveryKey() throws IOException {
        Configuration read =
                load(
                        """
                        via: gate
                        forwarded: x-forwarded
                        access-log: log/access.log
                        store: memory
                        apps:
                          zoom:
                            provider: zoom
                            account-id: a
                            client-id: c
                            client-secret: s
                            allow: ["* /v2/**"]
                            replay-limit: 1MiB
                            answer-within: 5m
                            queue: 7
                            pace: 30/s
                            hide-query: [email]
                            legacy-jwt: {key: k, secret: %s}
                        callers:
                          billing:
                            secret: b
                            apps: [zoom]
                            allow: ["GET /v2/users/**", "POST /v2/users"]
                        """
                                .formatted(SECRET));

        assertThat(read.proxying())
                .isEqualTo(
                        new Proxying(
                                "gate",
                                Proxying.Forwarded.X_FORWARDED,
                                folder.resolve("log/access.log")));
        assertThat(read.forwarding().get("zoom"))
                .isEqualTo(
                        new Forwarding(
                                Set.of("zoom.us", "zoomgov.com"),
                                List.of(Allow.parse("* /v2/**")),
                                1024 * 1024,
                                Duration.ofMinutes(5),
                                7,
                                Pace.parse("30/s"),
                                new LegacyJwt("k", Secret.of(SECRET)),
                                Set.of("email")));
        Caller billing = Objects.requireNonNull(read.callers().get("billing"));
        assertThat(billing.allows("GET", "/v2/users/me")).isTrue();
        assertThat(billing.allows("DELETE", "/v2/users/me")).isFalse();
        assertThat(read.toString()).doesNotContain(SECRET);
    }

    @Test
    void anApiUrlOfOnesOwnIsTakenAtItsWord() throws IOException {
        Configuration read =
                load(
                        """
                        store: memory
                        access-log: stdout
                        via: none
                        apps:
                          own: {provider: zoom, account-id: a, client-id: c, client-secret: s, api-url: "https://x.example"}
                          preset: {provider: zoom, account-id: b, client-id: c, client-secret: s}
                        """);

        assertThat(read.forwarding().get("own")).isEqualTo(Forwarding.USUAL);
        assertThat(read.forwarding().get("preset")).isEqualTo(Forwarding.ZOOM);
        assertThat(read.proxying().accessLog()).isEqualTo(Proxying.STDOUT);
        assertThat(read.proxying().via()).isEmpty();
    }

    @Test
    void everyFaultIsNamedWithoutASecret() {
        String file =
                """
                via: a b
                forwarded: yes
                store: memory
                apps:
                  zoom:
                    provider: zoom
                    account-id: a
                    client-id: c
                    client-secret: s
                    api-url: https://x.example?a=b
                    allow: ["get /v2", "GET /v2/../x"]
                    replay-limit: 2MiB
                    answer-within: 0s
                    queue: 0
                    pace: fast
                    legacy-jwt: {key: k, secret: too-short, typ: JWT}
                  other:
                    provider: zoom
                    account-id: b
                    client-id: c
                    client-secret: s
                    legacy-jwt: {key: k, secret: %s}
                callers:
                  one: {secret: same, apps: [zoom]}
                  two: {secret: same, apps: [zoom], allow: []}
                """
                        .formatted(SECRET);

        ConfigurationException wrong =
                catchThrowableOfType(ConfigurationException.class, () -> load(file));

        assertThat(wrong.faults())
                .containsExactly(
                        "evergrant.yaml:1: via: 'a b' (expected: a word like evergrant, or none)",
                        "evergrant.yaml:2: forwarded: 'yes' (expected: none or forwarded or"
                                + " x-forwarded)",
                        "evergrant.yaml:10: apps.zoom.api-url: has a query (expected: a base that"
                                + " paths are put behind)",
                        "evergrant.yaml:11: apps.zoom.allow: 'get /v2' (expected: METHOD /path like"
                                + " GET /v2/users/**, * for one segment, ** at the end for the"
                                + " rest)",
                        "evergrant.yaml:11: apps.zoom.allow: 'GET /v2/../x' (expected: METHOD /path"
                                + " like GET /v2/users/**, * for one segment, ** at the end for"
                                + " the rest)",
                        "evergrant.yaml:12: apps.zoom.replay-limit: '2MiB' (expected: 0 to 1MiB,"
                                + " like 65536 or 64KiB)",
                        "evergrant.yaml:13: apps.zoom.answer-within: '0s' (expected: more than 0s,"
                                + " at most 10m)",
                        "evergrant.yaml:14: apps.zoom.queue: '0' (expected: 1 to 100000 calls)",
                        "evergrant.yaml:15: apps.zoom.pace: 'fast' (expected: CALLS/TIME like 30/s"
                                + " or 100/10s, at least 1 call, at most 1h)",
                        "evergrant.yaml:16: apps.zoom.legacy-jwt.typ: unknown key (expected: key,"
                                + " secret)",
                        "evergrant.yaml:16: apps.zoom.legacy-jwt.secret: shorter than 32 bytes,"
                                + " which HS256 needs",
                        "evergrant.yaml:22: apps.other.legacy-jwt.key: is also the key at"
                                + " apps.zoom.legacy-jwt; it says which app is meant",
                        "evergrant.yaml:25: callers.two.secret: is also the secret of the caller"
                                + " one",
                        "evergrant.yaml:25: callers.two.allow: not a list with something in it"
                                + " (expected: [one, two])");
    }

    private Configuration load(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("evergrant.yaml"), yaml);
        return Configuration.locate(
                java.util.Optional.empty(), Map.of(), Objects.requireNonNull(file.getParent()));
    }
}
