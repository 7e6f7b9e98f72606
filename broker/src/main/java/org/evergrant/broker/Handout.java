package org.evergrant.broker;

import io.vertx.core.buffer.Buffer;
import org.evergrant.App;
import org.evergrant.Token;
import org.evergrant.TokenSource;

/** One app at the token endpoint: its tokens, its counters, and its answers. */
final class Handout {
    private final TokenSource source;
    private final AppMeters meters;
    private final Renderings renderings;

    Handout(TokenSource source, AppMeters meters, Renderings renderings) {
        this.source = source;
        this.meters = meters;
        this.renderings = renderings;
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

    AppMeters meters() {
        return meters;
    }

    /** Returns whether errors carry Zoom's {@code reason}. */
    boolean isZoomLike() {
        return isZoomLike(app());
    }

    static boolean isZoomLike(App app) {
        return app.grant() == App.Grant.ACCOUNT_CREDENTIALS;
    }

    void served() {
        meters.handedOut(Metrics.Outcome.SERVED);
    }

    void failed(Metrics.Outcome outcome) {
        meters.handedOut(outcome);
    }

    /** Returns the provider's fields, {@code expires_in} counted to the end of the promise. */
    Buffer body(Token token) {
        long seconds = source.lifeLeft(token).toSeconds();
        Buffer ready = renderings.find(this, token, seconds);
        return ready != null
                ? ready
                : renderings.keep(this, token, seconds, render(token, seconds));
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
