package org.evergrant.broker.config;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.spi.DurationText;
import org.jspecify.annotations.Nullable;

/** Reads one app. */
final class AppSection {
    private final AppId id;
    private final Section section;
    private final Map<String, URI> urls;
    private App.Builder builder;

    private AppSection(AppId id, Section section, Map<String, URI> urls) {
        this.id = id;
        this.section = section;
        this.urls = urls;
        this.builder = App.builder(id);
    }

    /**
     * Returns the app; null after its faults have been noted.
     *
     * @param urls those that were read before: many apps share one provider
     */
    static @Nullable App read(AppId id, Section section, Map<String, URI> urls) {
        return new AppSection(id, section, urls).read();
    }

    private @Nullable App read() {
        section.allow(Keys.APP);
        preset();
        take("token-url", this::url, builder::tokenUrl);
        take("api-url", this::url, builder::apiUrl);
        take("grant", text -> Values.word(App.Grant.class, text), builder::grant);
        take("account-id", Function.identity(), builder::accountId);
        take("client-id", Function.identity(), builder::clientId);
        take("client-secret", Secret::of, builder::clientSecret);
        take("scope", Function.identity(), builder::scope);
        take(
                "authentication",
                text -> Values.word(App.Authentication.class, text),
                builder::authentication);
        take("parameters", text -> Values.word(App.Parameters.class, text), builder::parameters);
        take("retention", Retention::parse, builder::retention);
        take("margin", DurationText::parse, builder::margin);
        take("settle", DurationText::parse, builder::settle);
        take("mint-deadline", DurationText::parse, builder::mintDeadline);
        take("life-if-unsaid", DurationText::parse, builder::lifeIfUnsaid);
        take("mint-budget", MintBudget::parse, builder::mintBudget);
        take("keep-warm", Values::yes, builder::keepWarm);
        take("on-store-loss", AppSection::mintsAlone, builder::mintAlone);
        List<String> wrong = builder.faults();
        wrong.forEach(this::note);
        return wrong.isEmpty() ? builder.build() : null;
    }

    private void preset() {
        String provider = section.text("provider");
        if (provider == null) {
            return;
        }
        if (provider.equals("zoom")) {
            builder = App.zoom(id);
        } else {
            section.wrong(
                    "provider",
                    " (expected: "
                            + String.join(" or ", Keys.PROVIDERS)
                            + ", or none and every value of it)");
        }
    }

    private URI url(String text) {
        return urls.computeIfAbsent(text, Values::url);
    }

    private static boolean mintsAlone(String text) {
        return Values.choice(text, List.of("wait", "mint-alone")).equals("mint-alone");
    }

    private <T> void take(String key, Function<String, T> parse, Consumer<T> setter) {
        T value = section.read(key, parse);
        if (value != null) {
            setter.accept(value);
        }
    }

    /** Puts a fault of the builder, {@code app zoom: margin: …}, where its key stands. */
    private void note(String fault) {
        String text = fault.substring(fault.indexOf(": ") + 2);
        String key = text.split("[: ]", 2)[0].toLowerCase(Locale.ROOT);
        if (section.isFaulty(key) || (section.isFaulty("provider") && !section.has(key))) {
            return;
        }
        if (text.contains(" (expected")) {
            section.wrong(key, text);
        } else {
            section.fault(key, text.substring(key.length()).strip());
        }
    }
}
