package org.evergrant.bench;

import com.azure.core.credential.AccessToken;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.evergrant.Lease;
import org.evergrant.Token;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.security.oauth2.core.OAuth2AccessToken;

/**
 * One ask for a token that is there and fresh, by us and by peers. {@link HitPathReport} runs it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HitPath {

    @Benchmark
    public String yardstick(Yardstick field, Blackhole clock) {
        clock.consume(System.nanoTime());
        return field.token();
    }

    @Benchmark
    public Token get(WarmEvergrant warm) {
        return warm.tokens().get();
    }

    @Benchmark
    public CompletableFuture<Token> getAsync(WarmEvergrant warm) {
        return warm.tokens().getAsync();
    }

    @Benchmark
    public Token lease(WarmEvergrant warm) {
        try (Lease lease = warm.tokens().lease()) {
            return lease.token();
        }
    }

    @Benchmark
    public com.google.auth.oauth2.AccessToken google(WarmGoogle warm) throws IOException {
        return warm.token();
    }

    @Benchmark
    public OAuth2AccessToken spring(WarmSpring warm) {
        return warm.token();
    }

    @Benchmark
    public AccessToken azure(WarmAzure warm) {
        return warm.token();
    }
}
