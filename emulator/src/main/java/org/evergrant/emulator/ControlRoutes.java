package org.evergrant.emulator;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The routes under {@code /_emulator}, by which tests look at the provider and steer it. */
final class ControlRoutes {
    private static final int MAX_RIVAL_MINTS = 1000;

    private final Provider provider;
    private final InstantSource clock;
    private final AppSettings model;

    ControlRoutes(Provider provider, AppSettings model, InstantSource clock) {
        this.provider = provider;
        this.model = model;
        this.clock = clock;
    }

    void handle(HttpServerRequest request, String route) {
        if (route.startsWith("apps/")) {
            app(request, route.substring("apps/".length()));
            return;
        }
        String allowed =
                switch (route) {
                    case "state", "mints" -> "GET";
                    case "rival", "faults", "reset" -> "POST";
                    case "apps" -> "GET, POST";
                    default -> "";
                };
        if (allowed.isEmpty()) {
            Answers.controlError(request, 404, "no such route: " + Durations.quoted(route));
        } else if (!allowed.contains(request.method().name())) {
            Answers.wrongMethod(request, allowed);
        } else {
            Parameters query = Parameters.ofQuery(request.query());
            if (query == null) {
                Answers.controlError(request, 400, "the query is malformed");
                return;
            }
            switch (route) {
                case "state" -> state(request);
                case "mints" -> mints(request, query);
                case "rival" -> rival(request, query);
                case "faults" -> withBody(request, fields -> faults(request, fields));
                case "reset" -> withBody(request, fields -> reset(request, fields));
                default -> apps(request);
            }
        }
    }

    private void state(HttpServerRequest request) {
        EmulatorState state = provider.state(clock.instant());
        Answers.json(request, 200, Json.write(json -> StateJson.write(json, state)));
    }

    private void mints(HttpServerRequest request, Parameters query) {
        String clientId = query.first("client_id");
        Answers.json(
                request,
                200,
                Json.write(json -> StateJson.writeMints(json, provider.mintLog(clientId))));
    }

    private void rival(HttpServerRequest request, Parameters query) {
        ProviderApp app = named(request, query.first("client_id"));
        if (app == null) {
            return;
        }
        Complaints complaints = new Complaints();
        int count = number(query, "count", 1, MAX_RIVAL_MINTS, complaints);
        int index = number(query, "token_index", 0, Integer.MAX_VALUE, complaints);
        if (!complaints.isEmpty()) {
            Answers.controlError(request, 400, complaints.toString());
            return;
        }
        for (int i = 0; i < count; i++) {
            MintOutcome outcome = app.mint(index, MintRecord.By.RIVAL, clock.instant());
            if (!(outcome instanceof MintOutcome.Minted)) {
                Answers.controlError(request, 409, "the rival was refused: " + outcome);
                return;
            }
        }
        Answers.json(request, 200, "{\"mints\":" + app.mints() + "}");
    }

    /** A parameter from {@code least} up; {@code least} itself if it is missing. */
    private static int number(
            Parameters query, String name, int least, int most, Complaints complaints) {
        String text = query.first(name);
        try {
            int number = text == null ? least : Integer.parseInt(text);
            complaints.unless(
                    number >= least && number <= most, name, number, least + " to " + most);
            return number;
        } catch (NumberFormatException e) {
            complaints.add(
                    name, Durations.quoted(String.valueOf(text)) + " (expected: a whole number)");
            return least;
        }
    }

    /** The app of that id, or the only one if none was named, or nothing after a 4xx. */
    private @Nullable ProviderApp named(HttpServerRequest request, @Nullable String clientId) {
        List<ProviderApp> apps = provider.apps();
        ProviderApp app =
                clientId != null ? provider.app(clientId) : apps.size() == 1 ? apps.get(0) : null;
        if (app == null && clientId == null) {
            Answers.controlError(
                    request, 400, "client_id: missing (expected: one of " + apps.size() + " apps)");
        } else if (app == null) {
            Answers.controlError(request, 404, "no app " + Durations.quoted("" + clientId));
        }
        return app;
    }

    private void faults(HttpServerRequest request, Map<String, Object> fields) {
        provider.faults().add(FaultFields.read(fields, provider));
        Answers.json(
                request,
                200,
                Json.write(json -> StateJson.writeFaults(json, provider.faults().pending())));
    }

    private void reset(HttpServerRequest request, Map<String, Object> fields) {
        boolean apps = AppFields.flag(fields.getOrDefault("apps", false));
        if (apps) {
            provider.restore();
        } else {
            provider.reset();
        }
        Answers.json(request, 200, "{\"mints\":0}");
    }

    private void apps(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.GET)) {
            Answers.json(
                    request, 200, Json.write(json -> StateJson.writeApps(json, provider.apps())));
        } else {
            withBody(
                    request,
                    fields -> {
                        ProviderApp app = provider.add(AppFields.create(model, fields));
                        show(request, 201, app);
                    });
        }
    }

    private void app(HttpServerRequest request, String id) {
        String clientId;
        try {
            clientId = Parameters.decoded(id.replace("+", "%2B"));
        } catch (IllegalArgumentException e) {
            clientId = id;
        }
        ProviderApp app = named(request, clientId);
        if (app == null) {
            return;
        }
        if (request.method().equals(HttpMethod.GET)) {
            show(request, 200, app);
        } else if (request.method().equals(HttpMethod.PATCH)) {
            withBody(request, fields -> patch(request, app, fields));
        } else {
            Answers.wrongMethod(request, "GET, PATCH");
        }
    }

    private void patch(HttpServerRequest request, ProviderApp app, Map<String, Object> fields) {
        Complaints complaints = new Complaints();
        Object id = fields.getOrDefault("client_id", app.clientId());
        complaints.unless(
                app.clientId().equals(id), "client_id", id, app.clientId() + ", it cannot change");
        boolean revokeAll = AppFields.flag(fields.getOrDefault(AppFields.REVOKE_ALL, false));
        AppFields.apply(new AppSettings(app.settings()), fields, complaints);
        complaints.throwIfAny();
        provider.configure(
                app, settings -> AppFields.apply(settings, fields, complaints), clock.instant());
        if (revokeAll) {
            app.revokeAll(clock.instant());
        }
        show(request, 200, app);
    }

    private static void show(HttpServerRequest request, int status, ProviderApp app) {
        Answers.json(request, status, Json.write(json -> AppFields.write(json, app.settings())));
    }

    /** Reads a flat JSON object, or none at all; what the handler complains about becomes a 400. */
    private static void withBody(HttpServerRequest request, Consumer<Map<String, Object>> handler) {
        Bodies.read(
                request,
                body -> {
                    try {
                        handler.accept(
                                body.length() == 0 ? Map.of() : Json.readFlat(body.getBytes()));
                    } catch (IllegalArgumentException e) {
                        Answers.controlError(request, 400, String.valueOf(e.getMessage()));
                    }
                });
    }
}
