package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.evergrant.MisconfiguredException;
import org.evergrant.servers.PostgresServer;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A server that speaks TLS, and one that does not. */
@ExtendWith(NothingLeft.class)
@Timeout(120)
class PostgresTlsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String KEY_STORE_PASSWORD = "changeit";

    @TempDir Path folder;

    @Test
    void onlyTheCertificateThatIsTrustedIsTaken() throws Exception {
        Path right = certificate("right", "dns:localhost,ip:127.0.0.1");
        Path wrong = certificate("wrong", "dns:localhost,ip:127.0.0.1");
        Path elsewhere = certificate("elsewhere", "dns:elsewhere.example.org");
        try (PostgresServer server =
                PostgresServer.start(folder.resolve("data"), NothingLeft.CANARY)) {
            String trusting = "sslmode=verify-full&sslrootcert=" + right;
            assertThatThrownBy(() -> open(server, trusting))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("expected: TLS, unless the URL has sslmode=disable");

            useCertificate(server, right);

            try (PostgresStore store = open(server, trusting)) {
                assertThat(store.cas(ZOOM, 0, record(1))).isTrue();
                assertThat(encrypted(server)).isTrue();
            }
            assertRefused(server, "sslmode=verify-full&sslrootcert=" + wrong);
            // Java's own authorities do not know it either.
            assertRefused(server, "sslmode=verify-full");
            assertRefused(server, "sslmode=verify-ca");

            useCertificate(server, elsewhere);

            assertRefused(server, "sslmode=verify-full&sslrootcert=" + elsewhere);
            open(server, "sslmode=verify-ca&sslrootcert=" + elsewhere).close();
        }
    }

    private static void assertRefused(PostgresServer server, String query) {
        assertThatThrownBy(() -> open(server, query))
                .as(query)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("shows a certificate that is not trusted")
                .hasMessageContaining("sslrootcert");
    }

    private static PostgresStore open(PostgresServer server, String query) {
        return PostgresStore.open(server.url("postgres", query), RunningPostgres.key());
    }

    private static boolean encrypted(PostgresServer server) throws Exception {
        try (Connection connection = RunningPostgres.raw(server, "public");
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity"
                                        + " USING (pid) WHERE application_name = 'evergrant'")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private static void useCertificate(PostgresServer server, Path certificate) throws Exception {
        String key = certificate.resolveSibling(certificate.getFileName() + ".key").toString();
        try (Connection connection = RunningPostgres.raw(server, "public");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET ssl_cert_file = '" + certificate + "'");
            statement.execute("ALTER SYSTEM SET ssl_key_file = '" + key + "'");
            statement.execute("ALTER SYSTEM SET ssl = on");
            statement.execute("SELECT pg_reload_conf()");
        }
        Await.until("it shows this one", SOON, () -> uses(server, certificate));
    }

    private static boolean uses(PostgresServer server, Path certificate) {
        try (Connection connection = RunningPostgres.raw(server, "public");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW ssl_cert_file")) {
            rows.next();
            return rows.getString(1).equals(certificate.toString());
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Makes a certificate signed by itself, and beside it its key. */
    private Path certificate(String name, String names) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                name,
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=" + names,
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                KEY_STORE_PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, KEY_STORE_PASSWORD.toCharArray());
        }
        Path file = folder.resolve(name + ".pem");
        Files.writeString(file, pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
        Path key = folder.resolve(name + ".pem.key");
        Files.createFile(
                key,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                key,
                pem(
                        "PRIVATE KEY",
                        keys.getKey(name, KEY_STORE_PASSWORD.toCharArray()).getEncoded()));
        return file;
    }

    private static String pem(String kind, byte[] bytes) {
        String text =
                Base64.getMimeEncoder(64, "\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}
