package org.evergrant.bench;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** google-auth-library's credentials with a fresh token. */
@State(Scope.Benchmark)
public class WarmGoogle {
    private final OAuth2Credentials credentials =
            OAuth2Credentials.create(
                    new AccessToken(Tokens.VALUE, Date.from(Instant.now().plus(Tokens.LIFE))));

    /** The shortest way to a token that is known to be fresh; building headers would cost more. */
    AccessToken token() throws IOException {
        credentials.refreshIfExpired();
        return Objects.requireNonNull(credentials.getAccessToken());
    }
}
