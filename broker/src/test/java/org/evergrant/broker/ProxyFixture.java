package org.evergrant.broker;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.evergrant.App;
import org.evergrant.Secret;
import org.evergrant.broker.config.Allow;
import org.evergrant.broker.config.Caller;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.config.Forwarding;
import org.evergrant.broker.config.LegacyJwt;
import org.evergrant.broker.config.Pace;
import org.evergrant.broker.config.Proxying;
import org.evergrant.emulator.Emulator;
import org.jspecify.annotations.Nullable;

/** Brokers whose proxy a test sets up. */
final class ProxyFixture {
    static final String SECRET = "billing-secret-9f3c";
    static final String BEARER = "Bearer " + SECRET;

    private ProxyFixture() {}

    /** What a test says of a proxy; the rest is as usual. */
    static final class Settings {
        List<Allow> allow = List.of();
        List<Allow> callerAllow = List.of();
        int replayLimit = Forwarding.USUAL.replayLimit();
        Duration answerWithin = Duration.ofSeconds(5);
        Duration wait = Duration.ofSeconds(5);
        int queue = 1000;
        @Nullable Pace pace;
        @Nullable LegacyJwt legacyJwt;
        @Nullable Set<String> hideQuery;
        @Nullable URI publicUrl;
        Proxying proxying = Proxying.USUAL;
        UnaryOperator<App.Builder> app = UnaryOperator.identity();
    }

    static Broker broker(Emulator provider, String apiUrl) {
        return broker(provider, apiUrl, new Settings());
    }

    static Broker broker(Emulator provider, String apiUrl, Settings settings) {
        return Broker.start(configuration(provider, apiUrl, settings));
    }

    static Configuration configuration(Emulator provider, String apiUrl, Settings settings) {
        App app =
                settings.app
                        .apply(Fixture.zoom(provider.tokenUrl()).apiUrl(URI.create(apiUrl)))
                        .build();
        Configuration base = Fixture.configuration(app);
        Map<String, Caller> callers = new HashMap<>(base.callers());
        callers.put(
                "billing",
                new Caller("billing", Secret.of(SECRET), Set.of("zoom"), settings.callerAllow));
        callers.put("other", new Caller("other", Secret.of("other-secret"), Set.of("elsewhere")));
        Forwarding forwarding =
                new Forwarding(
                        Set.of(),
                        settings.allow,
                        settings.replayLimit,
                        settings.answerWithin,
                        settings.queue,
                        settings.pace,
                        settings.legacyJwt,
                        settings.hideQuery);
        return new Configuration(
                base.source(),
                base.listen(),
                base.store(),
                base.apps(),
                callers,
                settings.wait,
                settings.publicUrl,
                Map.of("zoom", forwarding),
                settings.proxying);
    }

    static String api(Broker broker, String path) {
        return broker.url() + "/apps/zoom/api" + path;
    }
}
