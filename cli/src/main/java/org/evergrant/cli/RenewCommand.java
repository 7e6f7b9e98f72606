package org.evergrant.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.evergrant.App;
import org.evergrant.Node;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.TryLaterException;
import org.evergrant.broker.config.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Mints the next token now. */
@Command(
        name = "renew",
        description = "Mints the next token of APP now, before it is needed.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Where the mint would kill a token whose promise still runs, it ends with 75 and says"
                    + " from when on",
            "it is safe. It also lets the configured retention hold again, should Evergrant have"
                    + " learned",
            "that the provider does otherwise.",
            "",
            "  evergrant renew zoom",
            "  evergrant renew zoom --force      gives up the newest token: calls on their way may"
                    + " fail"
        })
final class RenewCommand implements Callable<Integer> {
    @Mixin private Configured configured = new Configured();

    @Parameters(paramLabel = "APP", description = "The app's name in the configuration.")
    private String app = "";

    @Option(
            names = "--force",
            description =
                    "Treats the newest token as rejected, so that its promise counts no more.")
    private boolean force;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description = "How long to wait for a mint that breaks no promise.")
    private @Nullable Duration wait;

    @Override
    public Integer call() {
        Configuration configuration = configured.read();
        App named = Configured.app(configuration, app);
        Duration longest = wait == null ? configuration.longestWait() : wait;
        try (Node node = Configured.node(configuration)) {
            TokenSource tokens = node.tokens(named);
            Token token = force ? forced(node, tokens, longest) : renewed(tokens, longest);
            System.out.println(
                    app
                            + ": generation "
                            + token.generation()
                            + ", promised until "
                            + Shown.instant(token.promisedUntil()));
            return Exit.DONE;
        }
    }

    private static Token forced(Node node, TokenSource tokens, Duration longest) {
        node.store()
                .read(tokens.app().recordId())
                .record()
                .usable(node.store().now())
                .ifPresent(tokens::reject);
        return tokens.get(Duration.ZERO, longest);
    }

    private static Token renewed(TokenSource tokens, Duration longest) {
        try {
            return tokens.renewAsync(longest).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof TryLaterException later) {
                throw new TryLaterException(
                        later.getMessage() + "; --force mints at once all the same",
                        later.retryAt(),
                        later.retryAfter());
            }
            if (failure.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw failure;
        }
    }
}
