package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.ProxyFixture.BEARER;
import static org.evergrant.broker.ProxyFixture.api;
import static org.evergrant.broker.ProxyFixture.broker;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.evergrant.emulator.Emulator;
import org.evergrant.servers.Certificate;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** APIs behind TLS. */
@ExtendWith(NothingLeft.class)
final class ProxyTlsTest {
    @TempDir Path folder;

    @AfterEach
    void trustAsUsual() {
        System.clearProperty("javax.net.ssl.trustStore");
        System.clearProperty("javax.net.ssl.trustStorePassword");
    }

    @Test
    void apiWhoseCertificateNobodyVouchesForIsNotCalled() throws Exception {
        Certificate own = Certificate.make(folder, "own", "ip:127.0.0.1");

        assertNotCalled(own);
    }

    @Test
    void apiThatShowsAnothersCertificateIsNotCalled() throws Exception {
        Certificate elsewhere = Certificate.make(folder, "elsewhere", "dns:api.example.org");
        trust(elsewhere);

        assertNotCalled(elsewhere);
    }

    @Test
    void apiWithACertificateThatTheJvmTrustsIsCalled() throws Exception {
        Certificate own = Certificate.make(folder, "own", "ip:127.0.0.1");
        trust(own);
        try (Emulator provider = Emulator.start();
                RecordingApi upstream = overTls(own);
                Broker broker = broker(provider, upstream.url("https"))) {
            assertThat(call(broker).statusCode()).isEqualTo(200);
            assertThat(upstream.last().header("authorization")).startsWith("Bearer eyJ");
        }
    }

    private static void assertNotCalled(Certificate shown) {
        try (Emulator provider = Emulator.start();
                RecordingApi upstream = overTls(shown);
                Broker broker = broker(provider, upstream.url("https"))) {
            HttpResponse<String> answer = call(broker);

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("the API proves to be somebody else");
            assertThat(upstream.seen()).isEmpty();
        }
    }

    private static HttpResponse<String> call(Broker broker) {
        return get(api(broker, "/v2/users/me"), "Authorization", BEARER);
    }

    private static RecordingApi overTls(Certificate shown) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                                new PemKeyCertOptions()
                                        .addCertPath(shown.certificate().toString())
                                        .addKeyPath(shown.key().toString()));
        return RecordingApi.early(options, (request, call) -> request.response().end("{}"));
    }

    private static void trust(Certificate one) {
        System.setProperty("javax.net.ssl.trustStore", one.store().toString());
        System.setProperty("javax.net.ssl.trustStorePassword", Certificate.PASSWORD);
    }
}
