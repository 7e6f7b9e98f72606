package org.evergrant.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Retention;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

/** Spring Security's own OAuth2 client with nothing changed but the token URL. */
class SpringClientTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void springSecurityGetsALiveToken() throws Exception {
        try (Emulator provider = Emulator.builder().retention(Retention.newestOnly()).start();
                Api api = new Api(provider.url());
                BrokerProcess broker =
                        BrokerProcess.start(folder, "broker", provider.url(), "newest-only")) {
            for (ClientAuthenticationMethod method :
                    new ClientAuthenticationMethod[] {
                        ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
                        ClientAuthenticationMethod.CLIENT_SECRET_POST
                    }) {
                OAuth2AuthorizedClient client = authorize(broker, method, "demo-secret");

                assertThat(client.getAccessToken().getExpiresAt()).isAfter(Instant.now());
                assertThat(api.call(client.getAccessToken().getTokenValue())).isEqualTo(200);
            }
            assertThat(provider.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void springSecurityUnderstandsTheRefusal() throws Exception {
        try (Emulator provider = Emulator.start();
                BrokerProcess broker =
                        BrokerProcess.start(folder, "broker", provider.url(), "newest-only")) {
            ClientAuthenticationMethod basic = ClientAuthenticationMethod.CLIENT_SECRET_BASIC;

            assertThatThrownBy(() -> authorize(broker, basic, "wrong"))
                    .isInstanceOf(ClientAuthorizationException.class)
                    .hasMessageContaining("invalid_client");
        }
    }

    private static OAuth2AuthorizedClient authorize(
            BrokerProcess broker, ClientAuthenticationMethod method, String secret) {
        InMemoryClientRegistrationRepository registrations =
                new InMemoryClientRegistrationRepository(
                        ClientRegistration.withRegistrationId("zoom")
                                .clientId("demo-client")
                                .clientSecret(secret)
                                .clientAuthenticationMethod(method)
                                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                                .tokenUri(broker.url() + "/oauth/token")
                                .build());
        OAuth2AuthorizedClient client =
                new AuthorizedClientServiceOAuth2AuthorizedClientManager(
                                registrations,
                                new InMemoryOAuth2AuthorizedClientService(registrations))
                        .authorize(
                                OAuth2AuthorizeRequest.withClientRegistrationId("zoom")
                                        .principal("worker")
                                        .build());
        if (client == null) {
            throw new AssertionError("no provider for client credentials");
        }
        return client;
    }
}
