package org.evergrant.cli;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.evergrant.App;
import org.evergrant.broker.config.Configuration;
import org.evergrant.spi.Store;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what the store knows. */
@Command(
        name = "status",
        description =
                "Tells how the token of APP, or of every app, stands. Mints nothing, shows no"
                        + " token.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Reads the configured store, so it tells what all nodes share.",
            "",
            "  evergrant status",
            "  evergrant status zoom --json"
        })
final class StatusCommand implements Callable<Integer> {
    @Mixin private Configured configured = new Configured();

    @Parameters(
            arity = "0..1",
            paramLabel = "APP",
            description = "One app; all where none is named.")
    private @Nullable String app;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Configuration configuration = configured.read();
        Collection<App> apps =
                app == null
                        ? configuration.apps().values()
                        : List.of(Configured.app(configuration, app));
        try (Store store = configuration.openStore()) {
            Instant now = store.now();
            List<AppStatus> all =
                    apps.stream()
                            .map(one ->
                                    new AppStatus(one, store.read(one.recordId()).record(), now))
                            .toList();
            System.out.println(json ? asJson(configuration, all) : asText(configuration, all));
        }
        return Exit.DONE;
    }

    private static String asText(Configuration configuration, List<AppStatus> all) {
        StringBuilder text = new StringBuilder();
        for (AppStatus one : all) {
            text.append(one.text()).append(System.lineSeparator());
        }
        return text.append("store  ").append(configuration.store()).toString();
    }

    private static String asJson(Configuration configuration, List<AppStatus> all) {
        return JsonText.object(json -> {
            json.writeStringProperty("store", configuration.store().toString());
            json.writeArrayPropertyStart("apps");
            all.forEach(one -> one.write(json));
            json.writeEndArray();
        });
    }
}
