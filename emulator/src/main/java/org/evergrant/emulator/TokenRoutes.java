package org.evergrant.emulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** {@code POST /oauth/token} and {@code POST /oauth/revoke}. */
final class TokenRoutes {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
    private static final String TOO_MANY =
            "{\"reason\":\"Too many requests\",\"error\":\"too_many_requests\"}";
    private static final String SERVER_ERROR =
            "{\"reason\":\"Internal Server Error\",\"error\":\"server_error\"}";
    private static final String FULL =
            "{\"reason\":\"The emulator holds as many live tokens as it can\","
                    + "\"error\":\"temporarily_unavailable\"}";

    private final Provider provider;
    private final InstantSource clock;
    private final HttpDoor door;

    TokenRoutes(Provider provider, InstantSource clock, HttpDoor door) {
        this.provider = provider;
        this.clock = clock;
        this.door = door;
    }

    void token(HttpServerRequest request) {
        Bodies.read(request, body -> token(request, body));
    }

    private void token(HttpServerRequest request, Buffer body) {
        Parameters parameters = parameters(request, body);
        if (parameters == null) {
            return;
        }
        Admission admission =
                provider.admit(
                        new TokenRequest(
                                Credentials.from(
                                        request.getHeader(HttpHeaders.AUTHORIZATION), parameters),
                                parameters.first("grant_type"),
                                parameters.first("account_id"),
                                parameters.first("token_index")));
        if (admission instanceof Admission.Granted granted) {
            FaultOrder fault = provider.faults().take(granted.app().clientId());
            Duration latency = granted.app().settings().latency();
            Duration before = latency.dividedBy(2);
            door.after(before, () -> mint(request, granted, fault, latency.minus(before)));
        } else if (admission instanceof Refusal refusal) {
            Answers.json(request, 400, refusal.json());
        }
    }

    private void mint(
            HttpServerRequest request,
            Admission.Granted granted,
            @Nullable FaultOrder fault,
            Duration after) {
        if (fault != null && !fault.fault().mints()) {
            door.after(after, () -> suffer(request, fault, null));
            return;
        }
        MintOutcome outcome =
                granted.app().mint(granted.index(), MintRecord.By.CLIENT, clock.instant());
        door.after(
                after,
                () -> {
                    if (outcome instanceof MintOutcome.Minted minted) {
                        answer(request, minted, fault);
                    } else {
                        refuse(request, outcome);
                    }
                });
    }

    private void answer(
            HttpServerRequest request, MintOutcome.Minted minted, @Nullable FaultOrder fault) {
        if (fault == null) {
            Answers.json(request, 200, tokenAnswer(request, minted, true));
        } else if (fault.fault() == Fault.SLOW) {
            door.after(
                    fault.delay(),
                    () -> Answers.json(request, 200, tokenAnswer(request, minted, true)));
        } else {
            suffer(request, fault, minted);
        }
    }

    /** Answers, or does not, as the fault has it. */
    private void suffer(
            HttpServerRequest request, FaultOrder fault, MintOutcome.@Nullable Minted minted) {
        switch (fault.fault()) {
            case LOSE_RESPONSE, DROP -> Answers.cut(request);
            case ERROR_500, ERROR_500_MINTED -> error(request, 500, SERVER_ERROR, fault);
            case TOO_MANY -> error(request, 429, TOO_MANY, fault);
            case HTML -> Answers.gatewayPage(request);
            case EMPTY -> Answers.json(request, 200, "");
            case NO_EXPIRES_IN -> Answers.json(request, 200, body(request, minted, false));
            case BAD_JSON -> {
                Buffer whole = body(request, minted, true);
                Answers.json(request, 200, whole.getBuffer(0, whole.length() / 2));
            }
            case CUT_BODY -> Answers.half(request, body(request, minted, true));
            case SLOW, STALL -> {}
        }
    }

    private void error(HttpServerRequest request, int status, String body, FaultOrder fault) {
        Duration wait = fault.retryAfter();
        if (wait != null) {
            Instant when = clock.instant().plus(wait);
            String value =
                    switch (fault.retryAfterAs()) {
                        case SECONDS -> Long.toString(wait.toSeconds());
                        case HTTP_DATE -> HTTP_DATE.format(when);
                        case ISO_8601 -> when.truncatedTo(ChronoUnit.SECONDS).toString();
                    };
            request.response().putHeader(HttpHeaders.RETRY_AFTER, value);
        }
        Answers.json(request, status, body);
    }

    private static void refuse(HttpServerRequest request, MintOutcome outcome) {
        if (outcome instanceof MintOutcome.Refused refused) {
            Answers.json(request, 400, refused.why().json());
        } else if (outcome instanceof MintOutcome.OverQuota quota) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, secondsUp(quota.opensIn()));
            Answers.json(request, 429, TOO_MANY);
        } else {
            Answers.json(request, 503, FULL);
        }
    }

    /** Whole seconds, rounded up: whoever waits them finds the wait over. */
    static String secondsUp(Duration wait) {
        return Long.toString(wait.plusMillis(999).toSeconds());
    }

    private Buffer body(
            HttpServerRequest request, MintOutcome.@Nullable Minted minted, boolean complete) {
        return minted == null ? Buffer.buffer() : tokenAnswer(request, minted, complete);
    }

    private Buffer tokenAnswer(
            HttpServerRequest request, MintOutcome.Minted minted, boolean withExpiresIn) {
        AppSettings app = minted.app();
        StringBuilder json = new StringBuilder(1024);
        json.append("{\"access_token\":\"").append(minted.text());
        json.append("\",\"token_type\":\"bearer\"");
        if (withExpiresIn) {
            long expiresIn = minted.left().minus(app.expiresInShortfall()).toSeconds();
            json.append(",\"expires_in\":").append(Math.max(0, expiresIn));
        }
        if (!app.scopeAbsent()) {
            json.append(",\"scope\":\"").append(Json.escaped(app.scope())).append('"');
        }
        json.append(",\"api_url\":\"").append(door.baseUrl(request)).append("\"}");
        return Buffer.buffer(json.toString());
    }

    /** Needs the app's credentials. A token it does not have is answered like one it had. */
    void revoke(HttpServerRequest request) {
        Bodies.read(request, body -> revoke(request, body));
    }

    private void revoke(HttpServerRequest request, Buffer body) {
        Parameters parameters = parameters(request, body);
        if (parameters == null) {
            return;
        }
        ProviderApp app =
                provider.authenticate(
                        Credentials.from(request.getHeader(HttpHeaders.AUTHORIZATION), parameters));
        String token = parameters.first("token");
        if (app == null) {
            Answers.json(request, 400, Refusal.INVALID_CLIENT.json());
        } else if (token == null || token.isEmpty()) {
            Answers.json(request, 400, Refusal.BAD_REQUEST.json());
        } else {
            provider.revoke(app, token, clock.instant());
            Answers.json(request, 200, "{\"status\":\"success\"}");
        }
    }

    /** RFC 8414. Zoom has no such page; clients that work by discovery can be tried with it. */
    void metadata(HttpServerRequest request) {
        String base = door.baseUrl(request);
        Answers.json(
                request,
                200,
                Json.write(json -> {
                    json.writeStringProperty("issuer", base);
                    json.writeStringProperty("token_endpoint", base + "/oauth/token");
                    json.writeStringProperty("revocation_endpoint", base + "/oauth/revoke");
                    json.writeArrayPropertyStart("grant_types_supported");
                    json.writeString("account_credentials");
                    json.writeString("client_credentials");
                    json.writeEndArray();
                    json.writeArrayPropertyStart("token_endpoint_auth_methods_supported");
                    json.writeString("client_secret_basic");
                    json.writeString("client_secret_post");
                    json.writeEndArray();
                    json.writeArrayPropertyStart("response_types_supported");
                    json.writeEndArray();
                }));
    }

    /** The parameters, or nothing after the request was refused for them. */
    private static @Nullable Parameters parameters(HttpServerRequest request, Buffer body) {
        try {
            return Parameters.of(request.query(), body.toString(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformedEscape) {
            Answers.json(request, 400, Refusal.BAD_REQUEST.json());
            return null;
        }
    }
}
