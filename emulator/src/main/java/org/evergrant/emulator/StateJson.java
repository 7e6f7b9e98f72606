package org.evergrant.emulator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Writes what the control routes show. Never a token, never a secret. */
final class StateJson {
    private StateJson() {}

    /** Milliseconds: some parsers of other languages refuse more digits. */
    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static void write(JsonGenerator json, EmulatorState state) {
        json.writeNumberProperty("mints", state.mints());
        json.writeNumberProperty("api_ok", state.apiOk());
        json.writeNumberProperty("api_401", state.api401());
        writeCounts(json, "api_401_by", state.api401By());
        json.writeArrayPropertyStart("apps");
        state.apps().forEach(app -> write(json, app));
        json.writeEndArray();
        writeFaults(json, state.faults());
    }

    private static void write(JsonGenerator json, AppState app) {
        json.writeStartObject();
        json.writeStringProperty("client_id", app.clientId());
        json.writeStringProperty("retention", app.retention().toString());
        json.writeBooleanProperty("active", app.active());
        json.writeStringProperty("lifetime", Durations.format(app.lifetime()));
        json.writeNumberProperty("mints", app.mints());
        json.writeNumberProperty("rival_mints", app.rivalMints());
        json.writeNumberProperty("distinct_tokens", app.distinctTokens());
        json.writeNumberProperty("refused_mints", app.refusedMints());
        json.writeNumberProperty("api_ok", app.apiOk());
        json.writeNumberProperty("api_401", app.api401());
        json.writeNumberProperty("api_429", app.api429());
        writeCounts(json, "api_401_by", app.api401By());
        json.writeNumberProperty("live_total", app.liveTotal());
        json.writeArrayPropertyStart("live");
        for (LiveToken token : app.live()) {
            json.writeStartObject();
            json.writeNumberProperty("index", token.index());
            json.writeNumberProperty("number", token.number());
            json.writeStringProperty("minted_at", text(token.mintedAt()));
            json.writeStringProperty("expires_at", text(token.expiresAt()));
            json.writeStringProperty("ends_at", text(token.endsAt()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeCounts(JsonGenerator json, String name, Map<String, Long> counts) {
        json.writeObjectPropertyStart(name);
        counts.forEach(json::writeNumberProperty);
        json.writeEndObject();
    }

    static void writeFaults(JsonGenerator json, List<FaultOrder> faults) {
        json.writeArrayPropertyStart("faults");
        for (FaultOrder order : faults) {
            String clientId = order.clientId();
            json.writeStartObject();
            json.writeStringProperty("fault", order.fault().text());
            json.writeNumberProperty("count", order.count());
            if (clientId != null) {
                json.writeStringProperty("client_id", clientId);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void writeMints(JsonGenerator json, List<MintRecord> mints) {
        json.writeArrayPropertyStart("mint_log");
        for (MintRecord mint : mints) {
            json.writeStartObject();
            json.writeStringProperty("at", text(mint.at()));
            json.writeStringProperty("client_id", mint.clientId());
            json.writeNumberProperty("index", mint.index());
            json.writeStringProperty("by", mint.by().name().toLowerCase(Locale.ROOT));
            json.writeNumberProperty("number", mint.number());
            json.writeStringProperty("expires_at", text(mint.expiresAt()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void writeApps(JsonGenerator json, List<ProviderApp> apps) {
        json.writeArrayPropertyStart("apps");
        for (ProviderApp app : apps) {
            json.writeStartObject();
            AppFields.write(json, app.settings());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
