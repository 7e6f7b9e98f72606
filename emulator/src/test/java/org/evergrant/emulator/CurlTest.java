package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The real curl, in each way that clients of Zoom were seen to ask. */
final class CurlTest {
    private static final String USER = "demo-client:demo-secret";
    private static final String GRANT = "grant_type=account_credentials";
    private static final String ACCOUNT = "account_id=demo-account";

    @RegisterExtension
    static final EmulatorExtension PROVIDER =
            EmulatorExtension.of(Emulator.builder().retention(Retention.keepAll()));

    static List<Arguments> ways() {
        return List.of(
                way("form", "", "-u", USER, "-d", GRANT, "-d", ACCOUNT),
                way(
                        "query, no body, no type",
                        "?" + GRANT + "&" + ACCOUNT,
                        "-u",
                        USER,
                        "-X",
                        "POST"),
                way(
                        "query, empty body typed as JSON",
                        "?" + GRANT + "&" + ACCOUNT,
                        "-u",
                        USER,
                        "-d",
                        "",
                        "-H",
                        "Content-Type: application/json"),
                way("mixed", "?" + GRANT, "-u", USER, "-d", ACCOUNT),
                way("token_index", "", "-u", USER, "-d", GRANT + "&" + ACCOUNT + "&token_index=0"),
                way(
                        "client in the body",
                        "",
                        "-d",
                        GRANT + "&" + ACCOUNT + "&client_id=demo-client&client_secret=demo-secret"),
                way(
                        "client in both places",
                        "",
                        "-u",
                        USER,
                        "-d",
                        GRANT + "&" + ACCOUNT + "&client_secret=demo-secret"),
                way(
                        "client in the query",
                        "?client_id=demo-client&client_secret=demo-secret",
                        "-d",
                        GRANT + "&" + ACCOUNT),
                way(
                        "no type at all",
                        "",
                        "-u",
                        USER,
                        "-H",
                        "Content-Type:",
                        "-d",
                        GRANT + "&" + ACCOUNT),
                way(
                        "chunked",
                        "",
                        "-u",
                        USER,
                        "-H",
                        "Transfer-Encoding: chunked",
                        "-d",
                        GRANT + "&" + ACCOUNT),
                way("HTTP 1.0", "", "-0", "-u", USER, "-d", GRANT + "&" + ACCOUNT),
                way("HTTP 2 offered", "", "--http2", "-u", USER, "-d", GRANT + "&" + ACCOUNT),
                way(
                        "client credentials",
                        "",
                        "-u",
                        USER,
                        "-d",
                        "grant_type=client_credentials&scope=a b"));
    }

    private static Arguments way(String name, String query, String... options) {
        return Arguments.of(name, query, List.of(options));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void getsATokenThatTheApiTakes(String name, String query, List<String> options)
            throws Exception {
        Emulator emulator = PROVIDER.emulator();
        List<String> command = new ArrayList<>(options);
        command.add(emulator.tokenUrl() + query);

        String answer = curl(command);

        assertThat(answer).as(name).endsWith("\n200");
        String token = Json.findText(body(answer), "access_token");
        assertThat(
                        curl(
                                List.of(
                                        "-H",
                                        "Authorization: Bearer " + token,
                                        emulator.apiUrl() + "/v2/users/me")))
                .endsWith("\n200");
    }

    /** For clients whose provider is a constant: whatever host they ask, the emulator answers. */
    @Test
    void reachesItAsAProxyUnderAnyName() throws Exception {
        Emulator emulator = PROVIDER.emulator();

        String answer =
                curl(
                        List.of(
                                "-x",
                                emulator.url(),
                                "-u",
                                USER,
                                "-d",
                                GRANT + "&" + ACCOUNT,
                                "http://zoom.example/oauth/token"));

        assertThat(answer).endsWith("\n200");
        assertThat(Json.findText(body(answer), "api_url")).isEqualTo("http://zoom.example");
    }

    @Test
    void seesWhatZoomSaysOfAWrongSecret() throws Exception {
        String url = PROVIDER.emulator().tokenUrl();

        assertThat(curl(List.of("-u", "demo-client:wrong", "-d", GRANT + "&" + ACCOUNT, url)))
                .isEqualTo(
                        "{\"reason\":\"Invalid client_id or client_secret\","
                                + "\"error\":\"invalid_client\"}\n400");
    }

    @Test
    void seesTheConnectionCut() throws Exception {
        Emulator emulator = PROVIDER.emulator();
        emulator.fault(Fault.LOSE_RESPONSE, 1);

        assertThat(curl(List.of("-u", USER, "-d", GRANT + "&" + ACCOUNT, emulator.tokenUrl())))
                .isEqualTo("\n000");
        assertThat(emulator.state().mints()).isEqualTo(1);
    }

    private static byte[] body(String answer) {
        return answer.substring(0, answer.lastIndexOf('\n')).getBytes(StandardCharsets.UTF_8);
    }

    /** The body, a line feed and the status. */
    private static String curl(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-w", "\n%{http_code}"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return out;
    }
}
