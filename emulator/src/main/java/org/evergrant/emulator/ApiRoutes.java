package org.evergrant.emulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The API under {@code /v2}: looks at the token, then answers as the real routes do. */
final class ApiRoutes {
    private static final String BEARER = "Bearer ";
    private static final String INVALID = "{\"code\":124,\"message\":\"Invalid access token.\"}";
    private static final String IN_QUERY =
            "{\"code\":124,\"message\":\"Invalid access token, this access token is not supported"
                    + " as query parameter string.\"}";
    private static final String PER_SECOND =
            "{\"code\":429,\"message\":\"You have reached the maximum per-second rate limit for"
                    + " this API. Try again later.\"}";
    private static final String PER_DAY =
            "{\"code\":429,\"message\":\"You have reached the maximum daily rate limit for this"
                    + " API. Refer to the response header for details on when you can make another"
                    + " request.\"}";
    private static final String NO_ROUTE =
            "{\"code\":2300,\"message\":\"This API endpoint is not recognized.\"}";

    private final Provider provider;
    private final InstantSource clock;
    private final HttpDoor door;

    ApiRoutes(Provider provider, InstantSource clock, HttpDoor door) {
        this.provider = provider;
        this.clock = clock;
        this.door = door;
    }

    void handle(HttpServerRequest request, String path) {
        Instant now = clock.instant();
        Provider.Check check = check(request, now);
        ProviderApp app = check.app();
        if (app == null || check.verdict() != Verdict.LIVE) {
            refuse(request, check);
        } else if (app.settings().missingScopes().isEmpty()) {
            limitThenAnswer(request, path, app, now);
        } else {
            refuseForScope(request, app);
        }
    }

    private Provider.Check check(HttpServerRequest request, Instant now) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return provider.check(authorization.substring(BEARER.length()).trim(), now);
        }
        Parameters query = Parameters.ofQuery(request.query());
        String inQuery = query == null ? null : query.first("access_token");
        if (inQuery == null) {
            return new Provider.Check(Verdict.MISSING, null);
        }
        Provider.Check found = provider.check(inQuery, now);
        return found.verdict() == Verdict.LIVE
                ? new Provider.Check(Verdict.IN_QUERY, found.app())
                : found;
    }

    private void refuse(HttpServerRequest request, Provider.Check check) {
        ProviderApp app = check.app();
        Tally tally = app == null ? provider.strangers() : app.api();
        tally.refused(check.verdict());
        String body =
                switch (check.verdict()) {
                    case EXPIRED -> expired(app);
                    case IN_QUERY -> IN_QUERY;
                    default -> INVALID;
                };
        Answers.json(request, 401, body);
    }

    private static String expired(@Nullable ProviderApp app) {
        int code = app == null ? 124 : app.settings().expiredCode();
        return "{\"code\":" + code + ",\"message\":\"Access token is expired.\"}";
    }

    private static void refuseForScope(HttpServerRequest request, ProviderApp app) {
        int code = app.settings().scopeErrorCode();
        int status = ScopeErrors.status(code);
        if (status == 401) {
            app.api().refused(Verdict.SCOPE);
        }
        Answers.json(request, status, ScopeErrors.body(code, app.settings().missingScopes()));
    }

    private void limitThenAnswer(
            HttpServerRequest request, String path, ProviderApp app, Instant now) {
        AppSettings settings = app.settings();
        SlidingWindow.Ticket rate = app.takeRate(now);
        SlidingWindow.Ticket daily = rate.granted() ? app.takeDaily(now) : rate;
        if (!daily.granted()) {
            app.api().slowedDown();
            HttpServerResponse response = request.response();
            Instant when = now.plus(daily.opensIn());
            if (rate.granted()) {
                limitHeaders(response, "Heavy", "Daily-limit", settings.apiDaily(), daily);
                // Zoom's is a date-time, where RFC 9110 has seconds or an HTTP date.
                response.putHeader(
                        HttpHeaders.RETRY_AFTER,
                        when.plusMillis(999).truncatedTo(ChronoUnit.SECONDS).toString());
            } else {
                limitHeaders(response, "Light", "QPS", settings.apiRate(), rate);
                response.putHeader(
                        "X-RateLimit-Reset", Long.toString(when.plusMillis(999).getEpochSecond()));
            }
            Answers.json(request, 429, rate.granted() ? PER_DAY : PER_SECOND);
            return;
        }
        limitHeaders(request.response(), "Light", "QPS", settings.apiRate(), rate);
        app.api().letThrough();
        if (settings.apiLatency().toMillis() > 0) {
            request.pause();
        }
        door.after(
                settings.apiLatency(),
                () -> {
                    HttpDoor.guarded(request, () -> answer(request, path, app));
                    request.resume();
                });
    }

    private static void limitHeaders(
            HttpServerResponse response,
            String category,
            String type,
            @Nullable Quota quota,
            SlidingWindow.Ticket ticket) {
        if (quota != null) {
            response.putHeader("X-RateLimit-Category", category)
                    .putHeader("X-RateLimit-Type", type)
                    .putHeader("X-RateLimit-Limit", Integer.toString(quota.count()))
                    .putHeader("X-RateLimit-Remaining", Integer.toString(ticket.remaining()));
        }
    }

    private void answer(HttpServerRequest request, String path, ProviderApp app) {
        HttpMethod method = request.method();
        String[] parts = path.substring("/v2/".length()).split("/", -1);
        boolean get = method.equals(HttpMethod.GET);
        if (parts[0].equals("files") && FileRoutes.handle(request, parts)) {
            return;
        }
        if (parts[0].equals("users") && parts.length == 1 && get) {
            Answers.json(request, 200, Users.list(app.settings()));
        } else if (parts[0].equals("users") && parts.length == 2 && get) {
            user(request, app, parts[1]);
        } else if (parts[0].equals("users") && parts.length == 3 && parts[2].equals("meetings")) {
            userMeetings(request, app, parts[1]);
        } else if (parts[0].equals("meetings") && parts.length == 2) {
            meeting(request, app, parts[1]);
        } else {
            Answers.json(request, 404, NO_ROUTE);
        }
    }

    private static void user(HttpServerRequest request, ProviderApp app, String id) {
        String user = Users.find(app.settings(), id);
        if (user == null) {
            noUser(request, id);
        } else {
            Answers.json(request, 200, user);
        }
    }

    private static void noUser(HttpServerRequest request, String id) {
        Answers.json(
                request,
                404,
                "{\"code\":1001,\"message\":\"User does not exist: " + Json.escaped(id) + "\"}");
    }

    private void userMeetings(HttpServerRequest request, ProviderApp app, String id) {
        String host = Users.idOf(app.settings(), id);
        if (host == null) {
            noUser(request, id);
        } else if (request.method().equals(HttpMethod.GET)) {
            Answers.json(request, 200, app.meetings().list());
        } else if (request.method().equals(HttpMethod.POST)) {
            Bodies.read(request, body -> createMeeting(request, app, host, body));
        } else {
            Answers.json(request, 404, NO_ROUTE);
        }
    }

    private void createMeeting(
            HttpServerRequest request, ProviderApp app, String host, Buffer body) {
        String named = Json.findText(body.getBytes(), "topic");
        String topic = named == null ? "Zoom Meeting" : named;
        String createdAt = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        Answers.json(request, 201, app.meetings().create(host, topic, createdAt));
    }

    private static void meeting(HttpServerRequest request, ProviderApp app, String text) {
        long id = meetingId(text);
        String found = app.meetings().find(id);
        if (found == null) {
            Answers.json(
                    request,
                    404,
                    "{\"code\":3001,\"message\":\"Meeting does not exist: "
                            + Json.escaped(text)
                            + ".\"}");
        } else if (request.method().equals(HttpMethod.GET)) {
            Answers.json(request, 200, found);
        } else if (request.method().equals(HttpMethod.DELETE)) {
            app.meetings().delete(id);
            request.response().setStatusCode(204).end();
        } else {
            Answers.json(request, 404, NO_ROUTE);
        }
    }

    /** The id, or -1, which no meeting has. */
    private static long meetingId(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
