package org.evergrant.cli;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.evergrant.App;
import org.evergrant.Retention;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Relocation;
import org.evergrant.spi.Rotation;
import org.evergrant.spi.Step;
import org.evergrant.spi.Trouble;
import tools.jackson.core.JsonGenerator;

/** What the record of one app says, for people and for programs. Never a token. */
final class AppStatus {
    private final App app;
    private final AppRecord record;
    private final Instant now;
    private final Policy policy;
    private final Step step;

    AppStatus(App app, AppRecord record, Instant now) {
        this.app = app;
        this.record = record;
        this.now = now;
        this.policy = Policy.of(app);
        this.step = Rotation.next(record, policy, now);
    }

    /** Returns a few aligned lines. */
    String text() {
        StringBuilder text = new StringBuilder();
        line(text, app.id().value(), "");
        line(text, "  token", token());
        line(text, "  retention", retention());
        line(text, "  next", next());
        if (record.claim() != null) {
            line(text, "  claim", claim(record.claim()));
        }
        if (record.trouble() != null && Relocation.target(record).isEmpty()) {
            line(text, "  trouble", trouble(record.trouble()));
        }
        line(text, "  record", app.recordId().value());
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        String line = String.format(Locale.ROOT, "%-13s%s", name, value).stripTrailing();
        text.append(line).append(System.lineSeparator());
    }

    private String token() {
        Optional<Token> newest = record.newest();
        if (newest.isEmpty()) {
            return "none yet";
        }
        Token token = newest.get();
        String place = policy.rules(record).indexes() > 1 ? " at index " + token.index() : "";
        return "generation "
                + token.generation()
                + place
                + ", "
                + standing(token)
                + "; "
                + (token.isPromised(now) ? "promised until " : "promise ended ")
                + time(token.promisedUntil())
                + ", "
                + (now.isBefore(token.expiresAt()) ? "expires " : "expired ")
                + time(token.expiresAt());
    }

    private String standing(Token token) {
        return now.isBefore(token.expiresAt())
                ? token.standing().name().toLowerCase(Locale.ROOT)
                : "expired";
    }

    private String retention() {
        Retention acting = policy.rules(record);
        return acting.equals(app.retention())
                ? acting.toString()
                : app.retention()
                        + " is configured, "
                        + acting
                        + " was seen and is acted on (evergrant renew "
                        + app.id()
                        + " trusts the configuration again)";
    }

    private String next() {
        if (step instanceof Step.Serve serve) {
            return "hands out generation "
                    + serve.token().generation()
                    + "; looks again "
                    + time(serve.until());
        }
        if (step instanceof Step.ServeAndRenew serve) {
            return "hands out generation "
                    + serve.token().generation()
                    + " and mints the next one on the next ask";
        }
        if (step instanceof Step.Await await) {
            String why = record.claim() == null ? "callers wait to mint " : "callers wait ";
            return why + "until " + time(await.until()) + " at the latest";
        }
        if (step instanceof Step.Fail fail) {
            return "callers are refused until " + time(fail.retryAt());
        }
        return "mints on the next ask";
    }

    private String claim(Claim claim) {
        Optional<String> moved = Relocation.target(record);
        if (moved.isPresent()) {
            return "nobody mints here: moved to " + moved.get();
        }
        return "node "
                + claim.node()
                + " is minting"
                + (app.retention().indexes() > 1 ? " at index " + claim.index() : "")
                + "; its claim runs out "
                + time(claim.until());
    }

    private String trouble(Trouble trouble) {
        String said = trouble.detail().isEmpty() ? "" : ": " + trouble.detail();
        String when =
                trouble.retryAt().isAfter(now) ? "; tried again " + time(trouble.retryAt()) : "";
        return trouble.kind().word() + said + when + " — " + advice(trouble.kind());
    }

    private String advice(Trouble.Kind kind) {
        return switch (kind) {
            case UNREACHABLE -> "check the network and " + app.tokenUrl().getAuthority();
            case RATE_LIMITED ->
                    "the provider wants fewer mints; a mint-budget keeps below its limit";
            case MISCONFIGURED ->
                    "check account-id, client-id, client-secret and grant, and that the app is"
                            + " activated";
            case DOUBT -> "a mint may have killed tokens; the next mint heals it";
            case RIVAL -> "find out who else mints with these credentials";
            case RETENTION -> "the configured retention does not fit the provider";
            case INDEX -> "the provider allows fewer indexes than configured";
        };
    }

    private String time(Instant instant) {
        return Shown.instant(instant) + " (" + Shown.relative(instant, now) + ")";
    }

    /** Writes one object. */
    void write(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("app", app.id().value());
        json.writeStringProperty("record", app.recordId().value());
        json.writeStringProperty("retention", app.retention().toString());
        json.writeStringProperty("retention_in_effect", policy.rules(record).toString());
        json.writeNumberProperty("generation", record.generation());
        record.newest().ifPresent(token -> write(json, token));
        Claim claim = record.claim();
        if (claim != null) {
            json.writeObjectPropertyStart("claim");
            json.writeStringProperty("node", claim.node());
            json.writeNumberProperty("index", claim.index());
            json.writeStringProperty("until", claim.until().toString());
            json.writeEndObject();
        }
        Trouble trouble = record.trouble();
        if (trouble != null) {
            json.writeObjectPropertyStart("trouble");
            json.writeStringProperty("kind", trouble.kind().word());
            json.writeStringProperty("detail", trouble.detail());
            json.writeStringProperty("at", trouble.at().toString());
            json.writeStringProperty("retry_at", trouble.retryAt().toString());
            json.writeNumberProperty("attempts", trouble.attempts());
            json.writeEndObject();
        }
        json.writeStringProperty("next", next());
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Token token) {
        json.writeNumberProperty("index", token.index());
        json.writeStringProperty("standing", standing(token));
        json.writeStringProperty("minted_at", token.mintedAt().toString());
        json.writeStringProperty("promised_until", token.promisedUntil().toString());
        json.writeStringProperty("expires_at", token.expiresAt().toString());
        json.writeNumberProperty("life_left_s", token.lifeLeft(now).toSeconds());
    }
}
