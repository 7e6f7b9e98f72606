package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.jdbc.Samples.ZOOM;
import static org.evergrant.jdbc.Samples.record;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.evergrant.MisconfiguredException;
import org.evergrant.servers.Certificate;
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

    @TempDir Path folder;

    @Test
    void onlyTheCertificateThatIsTrustedIsTaken() throws Exception {
        Certificate right = Certificate.make(folder, "right", "dns:localhost,ip:127.0.0.1");
        Certificate wrong = Certificate.make(folder, "wrong", "dns:localhost,ip:127.0.0.1");
        Certificate elsewhere = Certificate.make(folder, "elsewhere", "dns:elsewhere.example.org");
        try (PostgresServer server =
                PostgresServer.start(folder.resolve("data"), NothingLeft.CANARY)) {
            String trusting = "sslmode=verify-full&sslrootcert=" + right.certificate();
            assertThatThrownBy(() -> open(server, trusting))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining("expected: TLS, unless the URL has sslmode=disable");

            useCertificate(server, right);

            try (PostgresStore store = open(server, trusting)) {
                assertThat(store.cas(ZOOM, 0, record(1))).isTrue();
                assertThat(encrypted(server)).isTrue();
            }
            assertRefused(server, "sslmode=verify-full&sslrootcert=" + wrong.certificate());
            // Java's own authorities do not know it either.
            assertRefused(server, "sslmode=verify-full");
            assertRefused(server, "sslmode=verify-ca");

            useCertificate(server, elsewhere);

            assertRefused(server, "sslmode=verify-full&sslrootcert=" + elsewhere.certificate());
            open(server, "sslmode=verify-ca&sslrootcert=" + elsewhere.certificate()).close();
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

    private static void useCertificate(PostgresServer server, Certificate one) throws Exception {
        try (Connection connection = RunningPostgres.raw(server, "public");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET ssl_cert_file = '" + one.certificate() + "'");
            statement.execute("ALTER SYSTEM SET ssl_key_file = '" + one.key() + "'");
            statement.execute("ALTER SYSTEM SET ssl = on");
            statement.execute("SELECT pg_reload_conf()");
        }
        Await.until("it shows this one", SOON, () -> uses(server, one.certificate()));
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
}
