package org.evergrant.emulator;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The fields of an app as the control routes read and write them. */
final class AppFields {
    private interface Setter {
        /** Throws IllegalArgumentException, saying what it was given and what it expected. */
        void set(AppSettings app, Object value);
    }

    /** What is done once, and not kept. */
    static final String REVOKE_ALL = "revoke_all";

    private static final Set<String> NEEDED = Set.of("account_id", "client_id", "client_secret");
    private static final Map<String, Setter> SETTERS = setters();

    private AppFields() {}

    private static Map<String, Setter> setters() {
        Map<String, Setter> all = new TreeMap<>();
        all.put("account_id", (app, value) -> app.accountId(text(value)));
        all.put("client_secret", (app, value) -> app.clientSecret(secret(value)));
        all.put("retention", (app, value) -> app.retention(Retention.parse(text(value))));
        all.put(
                "tolerance",
                (app, value) -> app.retention(Retention.indexed(Math.toIntExact(whole(value)))));
        all.put("active", (app, value) -> app.active(flag(value)));
        all.put("lifetime", (app, value) -> app.lifetime(Durations.parse(text(value))));
        all.put(
                "expires_in_shortfall",
                (app, value) -> app.expiresInShortfall(Durations.parse(text(value))));
        all.put("latency", (app, value) -> app.latency(Durations.parse(text(value))));
        all.put("api_latency", (app, value) -> app.apiLatency(Durations.parse(text(value))));
        all.put("grant", (app, value) -> app.grant(grant(text(value))));
        all.put("scope", (app, value) -> app.scope(text(value)));
        all.put("scope_absent", (app, value) -> app.scopeAbsent(flag(value)));
        all.put("missing_scopes", (app, value) -> app.missingScopes(text(value).trim()));
        all.put(
                "scope_error_code",
                (app, value) -> app.scopeErrorCode(Math.toIntExact(whole(value))));
        all.put("expired_code", (app, value) -> app.expiredCode(Math.toIntExact(whole(value))));
        all.put("reject_all", (app, value) -> app.rejectAll(flag(value)));
        all.put("mint_quota", (app, value) -> app.mintQuota(orNull(value, Quota::parse)));
        all.put("api_rate", (app, value) -> app.apiRate(orNull(value, Quota::parse)));
        all.put("api_daily", (app, value) -> app.apiDaily(orNull(value, Quota::parse)));
        return all;
    }

    /** Changes the settings by the fields. Other faults are the caller's to find. */
    static void apply(AppSettings app, Map<String, Object> fields, Complaints complaints) {
        fields.forEach((name, value) -> {
            Setter setter = SETTERS.get(name);
            if (setter != null) {
                apply(app, name, setter, value, complaints);
            } else if (!name.equals(REVOKE_ALL) && !name.equals("client_id")) {
                complaints.add(
                        Durations.quoted(name),
                        "unknown (expected: one of " + SETTERS.keySet() + ")");
            }
        });
        if (fields.containsKey("tolerance")
                && fields.get("retention") instanceof String retention
                && !retention.equals("indexed:" + fields.get("tolerance"))) {
            complaints.add(
                    "tolerance", "says something else than retention (expected: one of them)");
        }
    }

    private static void apply(
            AppSettings app, String name, Setter setter, Object value, Complaints complaints) {
        try {
            setter.set(app, value);
        } catch (IllegalArgumentException | ArithmeticException e) {
            complaints.add(name, String.valueOf(e.getMessage()));
        }
    }

    /** The settings of a new app, like {@code model} where the fields say nothing. */
    static AppSettings create(AppSettings model, Map<String, Object> fields) {
        Complaints complaints = new Complaints();
        for (String name : NEEDED) {
            complaints.unless(fields.get(name) instanceof String, name, "missing", "some text");
        }
        AppSettings app =
                model.forApp(
                        String.valueOf(fields.get("account_id")),
                        String.valueOf(fields.get("client_id")),
                        String.valueOf(fields.get("client_secret")));
        apply(app, fields, complaints);
        complaints.throwIfAny();
        return app;
    }

    /** Everything but the secret, as fields that can be sent back. */
    static void write(JsonGenerator json, AppSettings app) {
        json.writeStringProperty("account_id", app.accountId());
        json.writeStringProperty("client_id", app.clientId());
        json.writeStringProperty("retention", app.retention().toString());
        json.writeBooleanProperty("active", app.active());
        json.writeStringProperty("lifetime", Durations.format(app.lifetime()));
        json.writeStringProperty(
                "expires_in_shortfall", Durations.format(app.expiresInShortfall()));
        json.writeStringProperty("latency", Durations.format(app.latency()));
        json.writeStringProperty("api_latency", Durations.format(app.apiLatency()));
        json.writeStringProperty("grant", app.grant().name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("scope", app.scope());
        json.writeBooleanProperty("scope_absent", app.scopeAbsent());
        json.writeStringProperty("missing_scopes", app.missingScopes());
        json.writeNumberProperty("scope_error_code", app.scopeErrorCode());
        json.writeNumberProperty("expired_code", app.expiredCode());
        json.writeBooleanProperty("reject_all", app.rejectAll());
        quota(json, "mint_quota", app.mintQuota());
        quota(json, "api_rate", app.apiRate());
        quota(json, "api_daily", app.apiDaily());
    }

    private static void quota(JsonGenerator json, String name, @Nullable Quota quota) {
        if (quota == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, quota.toString());
        }
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(value + " (expected: text)");
    }

    /** Like text, but its complaint does not repeat the value. */
    private static String secret(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("not what it should be (expected: text)");
    }

    static long whole(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException(
                Durations.quoted(value.toString()) + " (expected: a whole number)");
    }

    static boolean flag(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new IllegalArgumentException(
                Durations.quoted(value.toString()) + " (expected: true or false)");
    }

    private static AppSettings.Grant grant(String text) {
        for (AppSettings.Grant grant : AppSettings.Grant.values()) {
            if (grant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return grant;
            }
        }
        throw new IllegalArgumentException(
                Durations.quoted(text)
                        + " (expected: account_credentials, client_credentials or any)");
    }

    private static <T> @Nullable T orNull(Object value, Function<String, T> parse) {
        return value == Json.Null.NULL ? null : parse.apply(text(value));
    }
}
