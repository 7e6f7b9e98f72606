package org.evergrant.broker;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.evergrant.App;
import org.jspecify.annotations.Nullable;

/** RFC 8414: what a client can find out by itself. */
final class Metadata {
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");

    private final @Nullable URI publicUrl;
    private final Supplier<String> ownUrl;
    private final boolean anyZoomLike;

    Metadata(@Nullable URI publicUrl, Supplier<String> ownUrl, Collection<App> apps) {
        this.publicUrl = publicUrl;
        this.ownUrl = ownUrl;
        this.anyZoomLike = apps.stream().anyMatch(Handout::isZoomLike);
    }

    /** Answers for the broker as one server of all apps. */
    void all(HttpServerRequest request) {
        answer(request, base(request), anyZoomLike);
    }

    /** Answers for one app. */
    void one(HttpServerRequest request, App app) {
        answer(request, base(request) + "/apps/" + app.id(), Handout.isZoomLike(app));
    }

    private static void answer(HttpServerRequest request, String issuer, boolean zoomLike) {
        List<String> grants = new ArrayList<>();
        grants.add(App.Grant.CLIENT_CREDENTIALS.word());
        if (zoomLike) {
            grants.add(App.Grant.ACCOUNT_CREDENTIALS.word());
        }
        Answers.json(
                request,
                200,
                Json.object(json -> {
                    json.writeStringProperty("issuer", issuer);
                    json.writeStringProperty("token_endpoint", issuer + "/oauth/token");
                    json.writeArrayPropertyStart("grant_types_supported");
                    grants.forEach(json::writeString);
                    json.writeEndArray();
                    json.writeArrayPropertyStart("token_endpoint_auth_methods_supported");
                    json.writeString("client_secret_basic");
                    json.writeString("client_secret_post");
                    json.writeEndArray();
                    json.writeArrayPropertyStart("response_types_supported");
                    json.writeEndArray();
                }));
    }

    /** Returns the address that this client reached the broker at. */
    private String base(HttpServerRequest request) {
        if (publicUrl != null) {
            return publicUrl.toString();
        }
        String named = request.getHeader(HttpHeaders.HOST);
        return named != null && HOST.matcher(named).matches() ? "http://" + named : ownUrl.get();
    }
}
