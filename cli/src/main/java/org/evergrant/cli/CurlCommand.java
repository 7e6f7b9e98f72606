package org.evergrant.cli;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.evergrant.App;
import org.evergrant.Lease;
import org.evergrant.Node;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.config.ConfigurationException;
import org.evergrant.broker.config.Listen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Calls an app's API with curl. */
@Command(
        name = "curl",
        description = "Calls PATH of APP's API with curl and a live token.",
        mixinStandardHelpOptions = true,
        customSynopsis = "evergrant curl [--config FILE] [--broker] APP PATH [CURL OPTION]...",
        footer = {
            "",
            "Whatever follows PATH is curl's. The token is in no argument and not in curl's"
                    + " environment.",
            "It is held while curl runs: no planned mint of this process kills it. Needs no broker;"
                    + " --broker",
            "sends the call through the configured one, with the app's own credentials.",
            "",
            "  evergrant curl zoom /v2/users/me",
            "  evergrant curl zoom '/v2/users?page_size=300' -s -o users.json",
            "  evergrant curl --broker zoom /v2/users/me/meetings --json '{\"topic\":\"…\"}'"
        })
final class CurlCommand implements Callable<Integer> {
    private static final String VARIABLE = "EVERGRANT_CURL_HEADER";

    /**
     * Hands the header over in a pipe. A shell does that for us: this process cannot give a child
     * another open file than the usual three, and the first belongs to the user.
     */
    private static final String SCRIPT =
            """
            header=$EVERGRANT_CURL_HEADER
            unset EVERGRANT_CURL_HEADER
            exec curl --config /dev/fd/3 "$@" 3<<END
            header = "$header"
            END
            """;

    @Mixin private Configured configured = new Configured();
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--broker", description = "Sends the call through the configured broker.")
    private boolean throughBroker;

    @Parameters(index = "0", paramLabel = "APP", description = "The app's name.")
    private String app = "";

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            description = "What to call, below the app's api-url; begins with a slash.")
    private String path = "";

    @Parameters(index = "2..*", paramLabel = "CURL OPTION", description = "For curl.")
    private List<String> options = new ArrayList<>();

    /** Leaves everything behind APP to curl. */
    @Spec
    void parseLittle(CommandSpec given) {
        spec = given;
        given.parser().stopAtPositional(true).unmatchedOptionsArePositionalParams(true);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!path.startsWith("/")) {
            throw new ParameterException(
                    spec.commandLine(), "PATH: must begin with a slash, like /v2/users/me");
        }
        Configuration configuration = configured.read();
        App named = Configured.app(configuration, app);
        if (throughBroker) {
            String url = broker(configuration) + "/apps/" + app + "/api" + path;
            return run(url, "Authorization: " + basic(named));
        }
        String url = api(configuration, named) + path;
        try (Node node = Configured.node(configuration);
                Lease lease = node.tokens(named).lease()) {
            return run(url, "Authorization: " + lease.token().authorization());
        }
    }

    private int run(String url, String header) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of("sh", "-c", SCRIPT, "curl", url));
        line.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put(VARIABLE, header.replace("\\", "\\\\").replace("\"", "\\\""));
        return Foreground.run(builder, "curl");
    }

    private String api(Configuration configuration, App named) {
        URI url =
                named.apiUrl()
                        .orElseThrow(() ->
                                new ConfigurationException(
                                        List.of(
                                                configuration.source()
                                                        + ": apps."
                                                        + app
                                                        + ".api-url: missing (expected: the API's"
                                                        + " base)")));
        return url.toString().replaceFirst("/+\\z", "");
    }

    private static String broker(Configuration configuration) {
        URI published = configuration.publicUrl();
        Listen listen = configuration.listen();
        String host =
                switch (listen.host()) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "::" -> "::1";
                    default -> listen.host();
                };
        return published == null
                ? "http://" + new Listen(host, listen.port())
                : published.toString();
    }

    private static String basic(App app) {
        String pair = app.clientId() + ":" + app.clientSecret().reveal();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
