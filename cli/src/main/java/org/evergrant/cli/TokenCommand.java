package org.evergrant.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.evergrant.App;
import org.evergrant.Node;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.broker.config.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a live token. */
@Command(
        name = "token",
        description = "Prints a live token of APP, minting one only if the store has none.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Needs no broker: it shares the configured store with whoever else uses it.",
            "",
            "  curl -H \"$(evergrant token zoom --header)\" https://api.zoom.us/v2/users/me",
            "  evergrant token zoom --min-life 30m      for a job that takes half an hour"
        })
final class TokenCommand implements Callable<Integer> {
    @Mixin private Configured configured = new Configured();

    @Parameters(paramLabel = "APP", description = "The app's name in the configuration.")
    private String app = "";

    @Option(
            names = "--min-life",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description =
                    "Wants a token with this much life left, as far as the provider's rules allow.")
    private Duration minLife = Duration.ZERO;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description = "How long to wait for a token at most.")
    private @Nullable Duration wait;

    @ArgGroup private Form form = new Form();

    /** How to print it. */
    static final class Form {
        @Option(names = "--header", description = "Prints a whole Authorization header.")
        private boolean header;

        @Option(
                names = "--json",
                description = "Prints JSON, with the life left and the API's URL.")
        private boolean json;
    }

    @Override
    public Integer call() {
        Configuration configuration = configured.read();
        App named = Configured.app(configuration, app);
        try (Node node = Configured.node(configuration)) {
            TokenSource tokens = node.tokens(named);
            Duration longest = wait == null ? configuration.longestWait() : wait;
            Token token = tokens.get(minLife, longest);
            System.out.println(text(tokens, token));
        }
        return Exit.DONE;
    }

    private String text(TokenSource tokens, Token token) {
        if (form.header) {
            return "Authorization: " + token.authorization();
        }
        return form.json ? json(tokens, token) : token.value().reveal();
    }

    private static String json(TokenSource tokens, Token token) {
        String url =
                token.apiUrl().isEmpty()
                        ? tokens.app().apiUrl().map(Object::toString).orElse("")
                        : token.apiUrl();
        // Read before the rest of the life: what is said must not be later than the promise.
        Instant now = tokens.now();
        Duration left = tokens.lifeLeft(token);
        return JsonText.object(json -> {
            json.writeStringProperty("access_token", token.value().reveal());
            json.writeStringProperty("token_type", token.type());
            json.writeNumberProperty("expires_in", left.toSeconds());
            json.writeStringProperty("expires_at", now.plus(left).toString());
            json.writeNumberProperty("generation", token.generation());
            if (!token.scope().isEmpty()) {
                json.writeStringProperty("scope", token.scope());
            }
            if (!url.isEmpty()) {
                json.writeStringProperty("api_url", url);
            }
        });
    }
}
