package org.evergrant.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.valkey.Samples.ZOOM;
import static org.evergrant.valkey.Samples.record;

import java.nio.file.Path;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.servers.Certificate;
import org.evergrant.servers.RedisProcess;
import org.evergrant.spi.Store;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** TLS: who is believed, and who is not. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class TlsTest {
    @TempDir static Path folder;

    private static Certificate ours;
    private static Certificate others;
    private static RedisProcess server;
    private static RedisProcess strict;
    private static int port;
    private static int strictPort;

    @BeforeAll
    static void start() throws Exception {
        ours = Certificate.make(folder, "ours", "IP:127.0.0.1");
        others = Certificate.make(folder, "others", "IP:127.0.0.1");
        port = RedisProcess.freePort();
        server = server(port, "no");
        strictPort = RedisProcess.freePort();
        strict = server(strictPort, "yes");
    }

    @AfterAll
    static void stop() {
        server.close();
        strict.close();
    }

    @Test
    void aServerWhoseAuthorityIsTrustedIsUsed() {
        try (Store store = Samples.open(url("127.0.0.1", port, "?ca=" + ours.certificate()))) {
            assertThat(store.cas(ZOOM, store.read(ZOOM).version(), record(1))).isTrue();
        }
    }

    @Test
    void aServerWithoutATrustedAuthorityIsRefused() {
        assertRefused(url("127.0.0.1", port, ""));
        assertRefused(url("127.0.0.1", port, "?ca=" + others.certificate()));
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        assertRefused(url("localhost", port, "?ca=" + ours.certificate()));
    }

    @Test
    void aServerThatWantsACertificateGetsOurs() {
        String trusting = "?ca=" + ours.certificate();

        try (Store store =
                Samples.open(
                        url(
                                "127.0.0.1",
                                strictPort,
                                trusting + "&cert=" + ours.certificate() + "&key=" + ours.key()))) {
            assertThat(store.now()).isNotNull();
        }
        assertThatThrownBy(() -> Samples.open(url("127.0.0.1", strictPort, trusting)))
                .isInstanceOf(EvergrantException.class)
                .satisfies(
                        refused -> assertThat(refused.getMessage()).doesNotContain("not trusted"));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Samples.open(url("127.0.0.1", port, "?ca=/no/such.pem")))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("ca=/no/such.pem cannot be read (expected: a PEM file)");
    }

    private static void assertRefused(String url) {
        assertThatThrownBy(() -> Samples.open(url))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("has a certificate that is not trusted");
    }

    private static RedisProcess server(int tlsPort, String clients) throws Exception {
        return RedisProcess.start(
                "--tls-port", Integer.toString(tlsPort),
                "--tls-cert-file", ours.certificate().toString(),
                "--tls-key-file", ours.key().toString(),
                "--tls-ca-cert-file", ours.certificate().toString(),
                "--tls-auth-clients", clients);
    }

    private static String url(String host, int port, String options) {
        return "rediss://" + host + ":" + port + options;
    }
}
