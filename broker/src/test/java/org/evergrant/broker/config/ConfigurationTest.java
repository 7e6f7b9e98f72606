package org.evergrant.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.evergrant.App;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationTest {
    private static final String CANARY = "canary-secret-5f2a";
    private static final Map<String, String> ZOOM =
            Map.of(
                    "ZOOM_ACCOUNT_ID", "acc",
                    "ZOOM_CLIENT_ID", "cid",
                    "ZOOM_CLIENT_SECRET", CANARY);

    @TempDir Path folder;

    @Test
    void readsEveryKey() throws IOException {
        Files.writeString(folder.resolve("secret.txt"), CANARY + "\r\n\n");
        Map<String, String> environment = new HashMap<>(ZOOM);
        environment.put("KEY", SealingKey.newText());

        Configuration read =
                load(
                        """
                        listen: "[::1]:9000"
                        store: sqlite:data/tokens.db
                        store-key: ${KEY}
                        wait: 3s
                        public-url: https://tokens.example.com/broker/
                        apps:
                          zoom:
                            provider: zoom
                            token-url: https://${ZOOM_CLIENT_ID}.example.com/token
                            api-url: https://api.example.com
                            grant: account_credentials
                            account-id: ${ZOOM_ACCOUNT_ID}
                            client-id: 00123
                            client-secret: ${file:secret.txt}
                            scope: a b
                            authentication: body
                            parameters: query
                            retention: grace:5m
                            margin: 30s
                            settle: 500ms
                            mint-deadline: 4s
                            life-if-unsaid: 10m
                            mint-budget: 10/10m
                            keep-warm: true
                            on-store-loss: mint-alone
                        callers:
                          billing:
                            secret: a$${b}
                            apps: [zoom]
                        """,
                        environment);

        assertThat(read.listen()).isEqualTo(new Listen("::1", 9000));
        assertThat(read.listen().isLoopback()).isTrue();
        assertThat(read.store()).hasToString("sqlite:" + folder.resolve("data/tokens.db"));
        assertThat(((StoreSpec.Sqlite) read.store()).key()).isNotNull();
        assertThat(read.longestWait()).isEqualTo(Duration.ofSeconds(3));
        assertThat(read.publicUrl()).isEqualTo(URI.create("https://tokens.example.com/broker"));
        assertThat(read.callers().get("billing"))
                .isEqualTo(new Caller("billing", Secret.of("a${b}"), Set.of("zoom")));
        App zoom = zoom(read);
        assertThat(zoom.tokenUrl()).isEqualTo(URI.create("https://cid.example.com/token"));
        assertThat(zoom.apiUrl()).contains(URI.create("https://api.example.com"));
        assertThat(zoom.accountId()).isEqualTo("acc");
        assertThat(zoom.clientId()).isEqualTo("00123");
        assertThat(zoom.clientSecret()).isEqualTo(Secret.of(CANARY));
        assertThat(zoom.scope()).isEqualTo("a b");
        assertThat(zoom.grant()).isEqualTo(App.Grant.ACCOUNT_CREDENTIALS);
        assertThat(zoom.authentication()).isEqualTo(App.Authentication.BODY);
        assertThat(zoom.parameters()).isEqualTo(App.Parameters.QUERY);
        assertThat(zoom.retention()).isEqualTo(Retention.grace(Duration.ofMinutes(5)));
        assertThat(zoom.margin()).isEqualTo(Duration.ofSeconds(30));
        assertThat(zoom.settle()).isEqualTo(Duration.ofMillis(500));
        assertThat(zoom.mintDeadline()).isEqualTo(Duration.ofSeconds(4));
        assertThat(zoom.lifeIfUnsaid()).isEqualTo(Duration.ofMinutes(10));
        assertThat(zoom.mintBudget()).contains(MintBudget.parse("10/10m"));
        assertThat(zoom.keepWarm()).isTrue();
        assertThat(zoom.mintAlone()).isTrue();
    }

    @Test
    void presetAndDefaultsNeedLittle() throws IOException {
        Map<String, String> environment = new HashMap<>(ZOOM);
        environment.put("XDG_STATE_HOME", folder.resolve("state").toString());

        Configuration read = load(minimal(""), environment);

        assertThat(read.listen()).hasToString("127.0.0.1:8484");
        assertThat(read.longestWait()).isEqualTo(Duration.ofSeconds(10));
        assertThat(read.store())
                .hasToString("sqlite:" + folder.resolve("state/evergrant/evergrant.db"));
        assertThat(read.publicUrl()).isNull();
        assertThat(read.callers()).isEmpty();
        assertThat(zoom(read).retention()).isEqualTo(Retention.KEEP_ALL);
        assertThat(zoom(read).tokenUrl()).isEqualTo(URI.create("https://zoom.us/oauth/token"));
    }

    @Test
    void everyFaultIsNamedAtOnceWithItsLine() {
        List<String> faults =
                faults(
                        """
                        listen: nowhere
                        stroe: memory
                        wait: 1h
                        wait: 2s
                        apps:
                          zoom:
                            provider: zoom
                            account-id: ${NOT_THERE}
                            client-id: ${file:none.txt}
                            client-secret: [a, b]
                            margin: abc
                            mint-deadline: 5m
                            retention: newest
                            grant: password
                          UPPER:
                            provider: zoom
                          bare:
                            client-id: x
                        callers:
                          billing:
                            secret: s
                            apps: [zom]
                          cron: {secret: "", apps: []}
                        """,
                        Map.of());

        assertThat(faults)
                .containsExactly(
                        "evergrant.yaml:1: listen: 'nowhere' (expected: HOST:PORT like"
                                + " 127.0.0.1:8484 or [::1]:8484, port 0 to 65535)",
                        "evergrant.yaml:2: stroe: unknown key; did you mean 'store'?",
                        "evergrant.yaml:3: wait: '1h' (expected: 0s to 5m)",
                        "evergrant.yaml:4: wait: given before, in line 3",
                        "evergrant.yaml:8: apps.zoom.account-id: the variable NOT_THERE is not set",
                        "evergrant.yaml:9: apps.zoom.client-id: there is no file "
                                + folder.resolve("none.txt"),
                        "evergrant.yaml:10: apps.zoom.client-secret: a list (expected: one value)",
                        "evergrant.yaml:11: apps.zoom.margin: 'abc' (expected: a whole number and a"
                                + " unit, like 250ms, 12s, 5m, 1h)",
                        "evergrant.yaml:12: apps.zoom.mint-deadline: '5m' (expected: 100ms to 2m)",
                        "evergrant.yaml:13: apps.zoom.retention: 'newest' (expected: newest-only,"
                                + " indexed:N, newest:N, grace:DURATION, keep-all or"
                                + " sticky:DURATION)",
                        "evergrant.yaml:14: apps.zoom.grant: 'password' (expected:"
                                + " account_credentials or client_credentials)",
                        "evergrant.yaml:15: apps.UPPER: no name for an app (expected: 1 to 64 of"
                                + " a-z, 0-9, '.', '_', '-', first a letter or digit)",
                        "evergrant.yaml:17: apps.bare.token-url: is missing",
                        "evergrant.yaml:17: apps.bare.client-secret: is missing",
                        "evergrant.yaml:22: callers.billing.apps: no app 'zom'; did you mean"
                                + " 'zoom'?",
                        "evergrant.yaml:23: callers.cron.secret: no value",
                        "evergrant.yaml:23: callers.cron.apps: not a list with something in it"
                                + " (expected: [one, two])");
    }

    @Test
    void unknownPresetIsRefusedWithTheList() {
        assertThat(faults("apps: {a: {provider: zom, client-id: x, client-secret: y}}", Map.of()))
                .containsExactly(
                        "evergrant.yaml:1: apps.a.provider: 'zom' (expected: zoom, or none and"
                                + " every value of it)");
    }

    @Test
    void storesThatAreNoneAreRefusedWithoutTheirPasswords() {
        for (String store : List.of("mysql://" + CANARY, "sqlite:")) {
            assertThat(faults("store: \"" + store + "\"\n" + minimal(""), ZOOM))
                    .singleElement()
                    .asString()
                    .startsWith("evergrant.yaml:1: store: ")
                    .contains("(expected: memory, sqlite:FILE, postgresql://… or redis://…)")
                    .doesNotContain(CANARY);
        }
    }

    @Test
    void postgresIsShownWithoutItsPassword() throws IOException {
        Map<String, String> environment = new HashMap<>(ZOOM);
        environment.put("KEY", SealingKey.newText());
        environment.put("DB_PASSWORD", CANARY + "@/?#%:+ ö");

        Configuration read =
                load(
                        """
                        store: postgresql://me:${DB_PASSWORD}@db.example.org/tokens?schema=x
                        store-key: ${KEY}
                        """
                                + minimal(""),
                        environment);

        assertThat(read.store())
                .isInstanceOf(StoreSpec.Postgres.class)
                .hasToString("postgresql://me@db.example.org:5432/tokens");
    }

    @Test
    void postgresWithoutAKeyThatAllMachinesHaveIsRefused() {
        assertThat(faults("store: postgresql://h/db\n" + minimal(""), ZOOM))
                .singleElement()
                .asString()
                .startsWith("evergrant.yaml:1: store: a store for many machines needs a key")
                .contains("store-key or EVERGRANT_KEY", "evergrant store key");
    }

    @Test
    void everyFaultOfAPostgresUrlIsNamedAndItsPasswordIsNot() {
        Map<String, String> environment = new HashMap<>(ZOOM);
        environment.put("EVERGRANT_KEY", SealingKey.newText());
        String url = "postgresql://u:" + CANARY + "@h:99999/?schema=A-B&sslmode=yes&x=1";

        assertThat(faults("store: \"" + url + "\"\n" + minimal(""), environment))
                .singleElement()
                .asString()
                .contains("port 99999", "the database has no name", "schema", "sslmode", "'x'")
                .doesNotContain(CANARY);
        assertThat(
                        faults(
                                "store: postgresql://u:" + CANARY + "/x@h/db\n" + minimal(""),
                                environment))
                .singleElement()
                .asString()
                .contains("no PostgreSQL URL", "%2F")
                .doesNotContain(CANARY);
    }

    @Test
    void noSecretIsEchoed() {
        Map<String, String> environment = new HashMap<>(ZOOM);
        environment.put("TWO_LINES", CANARY + "\nmore");
        environment.put("EVERGRANT_KEY", CANARY);

        List<String> faults =
                faults(
                        """
                        listen: ${ZOOM_CLIENT_SECRET}
                        apps:
                          zoom:
                            provider: ${ZOOM_CLIENT_SECRET}
                            token-url: ${ZOOM_CLIENT_SECRET}
                            account-id: a
                            client-id: b
                            client-secret: ${TWO_LINES}
                            margin: ${ZOOM_CLIENT_SECRET}
                        callers:
                          billing:
                            secret: ${TWO_LINES}
                            apps: ["${ZOOM_CLIENT_SECRET}"]
                        """,
                        environment);

        assertThat(faults).hasSize(8);
        assertThat(String.join("\n", faults)).doesNotContain(CANARY);
        assertThat(faults("store-key: " + CANARY + "\n" + minimal(""), ZOOM))
                .singleElement()
                .asString()
                .startsWith("evergrant.yaml:1: store-key: no key in store-key")
                .doesNotContain(CANARY);
    }

    @Test
    void brokenYamlNamesTheLineAndQuotesNothing() {
        for (String broken :
                List.of(
                        "apps:\n  a: {client-secret: " + CANARY,
                        "apps:\n  client-secret: *" + CANARY,
                        "apps:\n  client-secret: '" + CANARY,
                        "apps:\n  client-secret: @" + CANARY,
                        "apps:\n\tclient-secret: " + CANARY,
                        "apps:\n  client-secret: a: " + CANARY,
                        "a: 1\n---\nb: " + CANARY)) {
            assertThat(faults(broken, Map.of()))
                    .singleElement()
                    .asString()
                    .matches("(?s)evergrant\\.yaml:\\d+: .+")
                    .doesNotContain(CANARY)
                    .doesNotContain("\n");
        }
        assertThat(faults("", Map.of())).containsExactly("evergrant.yaml: the file is empty");
        assertThat(faults("- a", Map.of())).first().asString().contains("not a mapping");
    }

    @Test
    void callerIsNotAnAppsClientId() {
        assertThat(faults(minimal("callers: {cid: {secret: s, apps: [zoom]}}"), ZOOM))
                .singleElement()
                .asString()
                .endsWith("callers.cid: is also the client id of the app zoom; rename the caller");
    }

    @Test
    void twoNamesForOneRegistrationAreRefused() {
        String twice =
                """
                apps:
                  one: {token-url: "https://h/t", client-id: c, client-secret: s}
                  two: {token-url: "https://h/t", client-id: c, client-secret: s, scope: x}
                """;

        assertThat(faults(twice, Map.of()))
                .containsExactly(
                        "evergrant.yaml:3: apps.two.client-id: the same registration as the app"
                                + " one; each would kill the other's tokens");
    }

    @Test
    void namedFileThatIsNotThereIsAFault() {
        ConfigurationException refused =
                catchThrowableOfType(
                        ConfigurationException.class,
                        () ->
                                Configuration.locate(
                                        Optional.of(Path.of("other.yaml")), ZOOM, folder));

        assertThat(refused.faults()).containsExactly("other.yaml: there is no such file");
    }

    @Test
    void folderInPlaceOfTheFileIsSaidToBeOne() throws IOException {
        Files.createDirectory(folder.resolve("conf.d"));

        ConfigurationException refused =
                catchThrowableOfType(
                        ConfigurationException.class,
                        () -> Configuration.locate(Optional.of(Path.of("conf.d")), ZOOM, folder));

        assertThat(refused.faults()).containsExactly("conf.d: a folder (expected: a file)");
    }

    @Test
    void fileInTheFolderComesBeforeTheEnvironment() throws IOException {
        Files.writeString(folder.resolve("evergrant.yaml"), minimal("listen: 127.0.0.1:1"));

        Configuration read = Configuration.locate(Optional.empty(), ZOOM, folder);

        assertThat(read.listen().port()).isEqualTo(1);
        assertThat(read.source()).isEqualTo("evergrant.yaml");
    }

    @Test
    void variablesAloneMakeTheAppZoom() {
        Map<String, String> environment = new HashMap<>(ZOOM);
        environment.put("ZOOM_TOKEN_URL", "http://127.0.0.1:8485/oauth/token");
        environment.put("ZOOM_API_URL", "http://127.0.0.1:8485");
        environment.put("EVERGRANT_STORE", "sqlite:x.db");
        environment.put("EVERGRANT_RETENTION", "newest-only");
        environment.put("EVERGRANT_LISTEN", "0.0.0.0:80");
        environment.put("EVERGRANT_KEY", SealingKey.newText());

        Configuration read = Configuration.locate(Optional.empty(), environment, folder);

        assertThat(read.apps()).containsOnlyKeys("zoom");
        assertThat(zoom(read).retention()).isEqualTo(Retention.NEWEST_ONLY);
        assertThat(zoom(read).tokenUrl())
                .isEqualTo(URI.create("http://127.0.0.1:8485/oauth/token"));
        assertThat(read.listen()).hasToString("0.0.0.0:80");
        assertThat(read.listen().isLoopback()).isFalse();
        assertThat(read.store()).hasToString("sqlite:" + folder.resolve("x.db"));
        assertThat(((StoreSpec.Sqlite) read.store()).key()).isNotNull();
        assertThat(read.source()).isEqualTo("environment");
    }

    @Test
    void missingVariablesAreNamedAtOnceWithBothWays() {
        ConfigurationException refused =
                catchThrowableOfType(
                        ConfigurationException.class,
                        () ->
                                Configuration.locate(
                                        Optional.empty(),
                                        Map.of("ZOOM_CLIENT_ID", "x", "EVERGRANT_RETENTION", "r"),
                                        folder));

        assertThat(refused.faults()).hasSize(3);
        assertThat(refused.faults().get(0))
                .startsWith("ZOOM_ACCOUNT_ID is not set")
                .contains("evergrant.yaml", "--config", "ZOOM_CLIENT_SECRET");
        assertThat(refused.faults().get(1)).startsWith("ZOOM_CLIENT_SECRET is not set");
        assertThat(refused.faults().get(2))
                .startsWith("EVERGRANT_RETENTION: 'r' (expected: newest-only");
    }

    @Test
    void impossibleVariablesNameThemselves() {
        Map<String, String> environment = new HashMap<>(ZOOM);
        environment.put("ZOOM_CLIENT_SECRET", CANARY + "\n");
        environment.put("ZOOM_TOKEN_URL", "ftp://zoom.us");

        ConfigurationException refused =
                catchThrowableOfType(
                        ConfigurationException.class,
                        () -> Configuration.fromEnvironment(environment));

        assertThat(refused.faults())
                .containsExactly(
                        "ZOOM_TOKEN_URL: 'ftp://zoom.us' (expected: http or https, a host, no user"
                                + " or fragment)",
                        "ZOOM_CLIENT_SECRET has a control character (a line end?)");
    }

    @Test
    void defaultStoreOpensInFoldersThatAreNotThereYet() throws Exception {
        Map<String, String> environment = new HashMap<>(ZOOM);
        environment.put("HOME", folder.toString());

        try (Store store = Configuration.fromEnvironment(environment).openStore()) {
            assertThat(store.now()).isNotNull();
        }

        assertThat(folder.resolve(".local/state/evergrant/evergrant.db")).exists();
    }

    @Test
    void toStringHasNoSecret() throws IOException {
        Configuration read =
                load(minimal("callers: {c: {secret: " + CANARY + ", apps: [zoom]}}"), ZOOM);

        assertThat(read.toString()).doesNotContain(CANARY);
    }

    private static App zoom(Configuration read) {
        return Objects.requireNonNull(read.apps().get("zoom"));
    }

    private static String minimal(String more) {
        return """
        apps:
          zoom:
            provider: zoom
            account-id: ${ZOOM_ACCOUNT_ID}
            client-id: ${ZOOM_CLIENT_ID}
            client-secret: ${ZOOM_CLIENT_SECRET}
        """
                + more
                + "\n";
    }

    private Configuration load(String yaml, Map<String, String> environment) throws IOException {
        Files.writeString(folder.resolve("evergrant.yaml"), yaml);
        return Configuration.locate(Optional.of(Path.of("evergrant.yaml")), environment, folder);
    }

    private List<String> faults(String yaml, Map<String, String> environment) {
        return catchThrowableOfType(ConfigurationException.class, () -> load(yaml, environment))
                .faults();
    }
}
