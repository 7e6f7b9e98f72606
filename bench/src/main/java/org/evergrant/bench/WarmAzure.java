package org.evergrant.bench;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.AccessTokenCache;
import com.azure.core.credential.TokenRequestContext;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Mono;

/** azure-core's token cache with a fresh token, asked as its own synchronous pipeline asks it. */
@State(Scope.Benchmark)
public class WarmAzure {
    private final TokenRequestContext request = new TokenRequestContext().addScopes("api/.default");
    private final AccessTokenCache cache =
            new AccessTokenCache(context ->
                    Mono.just(
                            new AccessToken(
                                    Tokens.VALUE,
                                    OffsetDateTime.now(ZoneOffset.UTC).plus(Tokens.LIFE))));

    /** Fills the cache before the clock runs. */
    public WarmAzure() {
        token();
    }

    final AccessToken token() {
        return cache.getTokenSync(request, false);
    }
}
