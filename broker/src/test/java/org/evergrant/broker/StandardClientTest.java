package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import java.net.URI;
import java.util.List;
import org.evergrant.broker.config.Configuration;
import org.evergrant.emulator.Emulator;
import org.junit.jupiter.api.Test;

/** What a library that follows the RFCs to the letter makes of the answers. */
final class StandardClientTest {
    private static final ClientID ONE = new ClientID("one");

    @Test
    void libraryFindsTheEndpointAndReadsTheToken() throws Exception {
        try (Emulator emulator = Emulator.start();
                Broker broker = broker(emulator)) {
            for (String issuer : List.of(broker.url(), broker.url() + "/apps/zoom")) {
                AuthorizationServerMetadata metadata =
                        AuthorizationServerMetadata.resolve(new Issuer(issuer));

                assertThat(metadata.getTokenEndpointURI())
                        .isEqualTo(URI.create(issuer + "/oauth/token"));
                assertThat(metadata.getTokenEndpointAuthMethods())
                        .containsExactly(
                                ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
                                ClientAuthenticationMethod.CLIENT_SECRET_POST);
                Secret secret = new Secret(Fixture.CANARY);
                for (ClientAuthentication way :
                        List.of(
                                new ClientSecretBasic(ONE, secret),
                                new ClientSecretPost(ONE, secret))) {
                    TokenResponse answer = ask(metadata.getTokenEndpointURI(), way);

                    assertThat(answer.indicatesSuccess()).isTrue();
                    var token = answer.toSuccessResponse().getTokens().getAccessToken();
                    assertThat(token.getLifetime()).isBetween(3500L, 3540L);
                    assertThat(token.toAuthorizationHeader()).startsWith("Bearer ");
                }
            }
            assertThat(emulator.state().mints()).isEqualTo(1);
        }
    }

    @Test
    void metadataIsWhereEitherRuleLooks() {
        try (Emulator emulator = Emulator.start();
                Broker broker = broker(emulator)) {
            String one = "/.well-known/oauth-authorization-server";
            String two = "/.well-known/openid-configuration";
            for (String path :
                    List.of(
                            one + "/apps/zoom",
                            two + "/apps/zoom",
                            "/apps/zoom" + one,
                            "/apps/zoom" + two)) {
                assertThat(Fixture.get(broker.url() + path).body())
                        .as(path)
                        .contains("\"issuer\":\"" + broker.url() + "/apps/zoom\"");
            }
            for (String path : List.of(one, two)) {
                assertThat(Fixture.get(broker.url() + path).body())
                        .contains("\"issuer\":\"" + broker.url() + "\"");
            }
            assertThat(Fixture.get(broker.url() + one + "/apps/none").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void publicUrlIsTheIssuer() {
        try (Emulator emulator = Emulator.start()) {
            Configuration base = Fixture.configuration(Fixture.zoom(emulator.tokenUrl()).build());
            Configuration published =
                    new Configuration(
                            base.source(),
                            base.listen(),
                            base.store(),
                            base.apps(),
                            base.callers(),
                            base.longestWait(),
                            URI.create("https://tokens.example.com"));
            try (Broker broker = Broker.start(published)) {
                String path = "/apps/zoom/.well-known/oauth-authorization-server";

                assertThat(Fixture.get(broker.url() + path).body())
                        .contains(
                                "\"token_endpoint\":\"https://tokens.example.com/apps/zoom/oauth/token\"");
                assertThat(Fixture.get(broker.url() + "/v1/apps").statusCode()).isEqualTo(401);
            }
        }
    }

    @Test
    void libraryReadsTheErrors() throws Exception {
        try (Emulator emulator = Emulator.start();
                Broker broker = broker(emulator)) {
            URI endpoint = URI.create(broker.url() + "/oauth/token");

            TokenResponse wrong = ask(endpoint, new ClientSecretBasic(ONE, new Secret("wrong")));

            assertThat(wrong.toErrorResponse().getErrorObject())
                    .isEqualTo(OAuth2Error.INVALID_CLIENT);
            assertThat(wrong.toErrorResponse().getErrorObject().getHTTPStatusCode()).isEqualTo(401);
            assertThat(wrong.toErrorResponse().getErrorObject().getDescription()).isNotEmpty();
        }
    }

    private static Broker broker(Emulator emulator) {
        return Broker.start(Fixture.configuration(Fixture.zoom(emulator.tokenUrl()).build()));
    }

    private static TokenResponse ask(URI endpoint, ClientAuthentication way) throws Exception {
        AuthorizationGrant grant = new ClientCredentialsGrant();
        return TokenResponse.parse(
                new TokenRequest.Builder(endpoint, way, grant)
                        .scope(new Scope("a", "b"))
                        .build()
                        .toHTTPRequest()
                        .send());
    }
}
