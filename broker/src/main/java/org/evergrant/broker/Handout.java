package org.evergrant.broker;

import io.micrometer.core.instrument.Counter;
import io.vertx.core.buffer.Buffer;
import java.util.EnumMap;
import java.util.Map;
import org.evergrant.App;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * One app at the token endpoint: its tokens, its counters, and the answer that is good for the
 * second that runs, so that thousands of hand-outs in it cost one rendering.
 */
final class Handout {
    private record Rendered(Token token, long seconds, Buffer body) {}

    private final TokenSource source;
    private final Map<Metrics.Outcome, Counter> counters = new EnumMap<>(Metrics.Outcome.class);
    private final Counter served;
    private volatile @Nullable Rendered rendered;

    Handout(TokenSource source, Metrics metrics) {
        this.source = source;
        for (Metrics.Outcome outcome : Metrics.Outcome.values()) {
            counters.put(outcome, metrics.handouts(app().id(), outcome));
        }
        this.served = metrics.handouts(app().id(), Metrics.Outcome.SERVED);
    }

    App app() {
        return source.app();
    }

    String name() {
        return app().id().value();
    }

    TokenSource source() {
        return source;
    }

    /** Returns whether errors carry Zoom's {@code reason}. */
    boolean isZoomLike() {
        return app().grant() == App.Grant.ACCOUNT_CREDENTIALS;
    }

    void served() {
        served.increment();
    }

    void failed(Metrics.Outcome outcome) {
        Counter counter = counters.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Returns the provider's fields, {@code expires_in} counted to the end of the promise. */
    Buffer body(Token token) {
        long seconds = source.lifeLeft(token).toSeconds();
        Rendered last = rendered;
        // The same token object, not an equal one: comparing tokens compares their secrets.
        if (last != null && last.seconds() == seconds && isSame(last.token(), token)) {
            return last.body();
        }
        Buffer body = render(token, seconds);
        rendered = new Rendered(token, seconds, body);
        return body;
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Token one, Token other) {
        return one == other;
    }

    private Buffer render(Token token, long seconds) {
        return Buffer.buffer(
                Json.object(json -> {
                    json.writeStringProperty("access_token", token.value().reveal());
                    json.writeStringProperty(
                            "token_type", token.type().isEmpty() ? "bearer" : token.type());
                    json.writeNumberProperty("expires_in", seconds);
                    if (!token.scope().isEmpty()) {
                        json.writeStringProperty("scope", token.scope());
                    }
                    String apiUrl =
                            token.apiUrl().isEmpty()
                                    ? app().apiUrl().map(Object::toString).orElse("")
                                    : token.apiUrl();
                    if (!apiUrl.isEmpty()) {
                        json.writeStringProperty("api_url", apiUrl);
                    }
                }));
    }
}
