package org.evergrant.broker;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.evergrant.App;
import org.evergrant.EvergrantException;
import org.evergrant.MintBudget;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Store;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What may be seen of an app: everything but its secrets and tokens. */
record AppView(App app, AppRecord record, Instant now) {

    static AppView of(TokenSource source) {
        return new AppView(source.app(), source.record(), source.now());
    }

    /**
     * Completes with what the node knows, or, before its first ask, with what the store says; with
     * an empty record where the store is away.
     */
    static CompletableFuture<AppView> complete(
            App app, Handouts apps, Store store, Executor executor) {
        TokenSource source = apps.source(app);
        if (source != null && !source.record().equals(AppRecord.EMPTY)) {
            return CompletableFuture.completedFuture(of(source));
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new AppView(app, store.read(app.recordId()).record(), store.now());
                    } catch (EvergrantException away) {
                        return new AppView(app, AppRecord.EMPTY, apps.now());
                    }
                },
                executor);
    }

    String name() {
        return app.id().value();
    }

    /** Returns the token that is handed out, or would be. */
    @Nullable Token current() {
        return record.usable(now).orElse(null);
    }

    String standing() {
        return record.newest().map(AppView::standing).orElse("none");
    }

    String json() {
        return Json.object(this::write);
    }

    void write(JsonGenerator json) {
        Token current = current();
        json.writeStringProperty("app", name());
        json.writeStringProperty("grant", app.grant().word());
        json.writeStringProperty("retention", app.retention().toString());
        json.writeStringProperty(
                "mint_budget", app.mintBudget().map(MintBudget::toString).orElse(""));
        json.writeBooleanProperty("keep_warm", app.keepWarm());
        json.writeStringProperty("now", now.toString());
        json.writeNumberProperty("generation", record.generation());
        json.writeStringProperty("standing", standing());
        json.writeNumberProperty(
                "expires_in", current == null ? 0 : current.lifeLeft(now).toSeconds());
        json.writeArrayPropertyStart("tokens");
        for (Token token : record.tokens()) {
            json.writeStartObject();
            write(json, token);
            json.writeEndObject();
        }
        json.writeEndArray();
        Claim claim = record.claim();
        if (claim != null) {
            json.writeObjectPropertyStart("claim");
            json.writeStringProperty("node", claim.node());
            json.writeNumberProperty("index", claim.index());
            json.writeStringProperty("at", claim.at().toString());
            json.writeStringProperty("until", claim.until().toString());
            json.writeEndObject();
        }
        Trouble trouble = record.trouble();
        if (trouble != null) {
            json.writeObjectPropertyStart("trouble");
            write(json, trouble);
            json.writeEndObject();
        }
        AppRecord.Learned learned = record.learned();
        if (learned != null) {
            json.writeStringProperty("seen_retention", learned.seen().toString());
        }
    }

    static void write(JsonGenerator json, Trouble trouble) {
        json.writeStringProperty("kind", trouble.kind().word());
        json.writeStringProperty("at", trouble.at().toString());
        json.writeStringProperty("retry_at", trouble.retryAt().toString());
        json.writeNumberProperty("attempts", trouble.attempts());
        json.writeStringProperty("detail", trouble.detail());
    }

    static void write(JsonGenerator json, Token token) {
        json.writeNumberProperty("generation", token.generation());
        json.writeNumberProperty("index", token.index());
        json.writeStringProperty("standing", standing(token));
        json.writeStringProperty("minted_at", token.mintedAt().toString());
        json.writeStringProperty("promised_until", token.promisedUntil().toString());
        json.writeStringProperty("expires_at", token.expiresAt().toString());
        json.writeBooleanProperty("forced", token.forced());
    }

    /** A token without a value is one that a doubtful mint may have made. */
    private static String standing(Token token) {
        return token.value().isEmpty()
                ? "unknown"
                : token.standing().name().toLowerCase(Locale.ROOT);
    }
}
