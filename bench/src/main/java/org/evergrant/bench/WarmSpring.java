package org.evergrant.bench;

import java.time.Instant;
import java.util.Objects;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;

/** Spring Security's manager for use outside a web request, with an authorized client at hand. */
@State(Scope.Benchmark)
public class WarmSpring {
    private final AuthorizedClientServiceOAuth2AuthorizedClientManager manager;

    /** Made once, though most callers make one a call: the cheapest use there is. */
    private final OAuth2AuthorizeRequest request;

    /** Saves an authorized client before the clock runs. */
    public WarmSpring() {
        var registration =
                ClientRegistration.withRegistrationId("zoom")
                        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                        .tokenUri("http://127.0.0.1/oauth/token")
                        .clientId("client")
                        .clientSecret("secret")
                        .build();
        var registrations = new InMemoryClientRegistrationRepository(registration);
        var service = new InMemoryOAuth2AuthorizedClientService(registrations);
        var now = Instant.now();
        var principal = new TestingAuthenticationToken("worker", "none");
        service.saveAuthorizedClient(
                new OAuth2AuthorizedClient(
                        registration,
                        "worker",
                        new OAuth2AccessToken(
                                OAuth2AccessToken.TokenType.BEARER,
                                Tokens.VALUE,
                                now,
                                now.plus(Tokens.LIFE))),
                principal);
        manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, service);
        request =
                OAuth2AuthorizeRequest.withClientRegistrationId("zoom")
                        .principal(principal)
                        .build();
    }

    OAuth2AccessToken token() {
        return Objects.requireNonNull(manager.authorize(request)).getAccessToken();
    }
}
