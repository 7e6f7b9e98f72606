package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.broker.Fixture.CANARY;
import static org.evergrant.broker.Fixture.GRANT;
import static org.evergrant.broker.Fixture.basic;
import static org.evergrant.broker.Fixture.field;
import static org.evergrant.broker.Fixture.get;
import static org.evergrant.broker.Fixture.post;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.evergrant.App;
import org.evergrant.Secret;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.Fault;
import org.junit.jupiter.api.Test;

/** Secrets and tokens are in no log line and in no answer but the one that hands a token out. */
final class SecretsTest {
    private static final String OURS = "org.evergrant";

    @Test
    void noLogAndNoOtherAnswerHasASecretOrAToken() {
        Listening log = new Listening();
        Logger logger = Logger.getLogger(OURS);
        Level before = logger.getLevel();
        logger.addHandler(log);
        logger.setLevel(Level.ALL);
        List<String> answers = new ArrayList<>();
        String first;
        String second;
        try (Emulator emulator =
                Emulator.builder().app("demo-account", "demo-client", CANARY).start()) {
            App app = Fixture.zoom(emulator.tokenUrl()).clientSecret(Secret.of(CANARY)).build();
            try (Broker broker = Broker.start(Fixture.configuration(app))) {
                String own = basic("demo-client", CANARY);
                String url = broker.url() + "/apps/zoom";
                first =
                        field(
                                post(url + "/oauth/token", GRANT, "Authorization", own),
                                "access_token");
                answers.add(body(post(url + "/rejected", "token=" + first, "Authorization", own)));
                second =
                        field(
                                post(url + "/oauth/token", GRANT, "Authorization", own),
                                "access_token");
                answers.add(body(post(url + "/oauth/token", "", "Authorization", own)));
                answers.add(body(post(url + "/oauth/token?client_secret=x", GRANT)));
                answers.add(
                        body(
                                post(
                                        url + "/oauth/token",
                                        GRANT,
                                        "Authorization",
                                        basic(CANARY, "x"))));
                answers.add(
                        body(
                                post(
                                        url + "/oauth/token",
                                        GRANT + "&account_id=" + second,
                                        "Authorization",
                                        own)));
                answers.add(
                        body(
                                post(
                                        url + "/oauth/token",
                                        "grant_type=" + second,
                                        "Authorization",
                                        own)));
                answers.add(
                        body(
                                post(
                                        broker.url() + "/oauth/token",
                                        GRANT + "&resource=" + second,
                                        "Authorization",
                                        own)));
                emulator.fault(Fault.ERROR_500, 1);
                emulator.revokeAll("demo-client");
                answers.add(body(post(url + "/rejected", "token=" + second, "Authorization", own)));
                for (String path :
                        List.of("/", "/v1/apps", "/metrics", "/readyz", "/apps/" + second + "/x")) {
                    answers.add(body(get(broker.url() + path)));
                }
            }
        } finally {
            logger.removeHandler(log);
            logger.setLevel(before);
        }

        assertThat(log.lines).anyMatch(line -> line.contains("minted generation 2"));
        List<String> all = new ArrayList<>(log.lines);
        all.addAll(answers);
        for (String text : all) {
            assertThat(text).doesNotContain(first, second, CANARY, "canary");
        }
    }

    private static String body(HttpResponse<String> answer) {
        return answer.headers().map() + answer.body();
    }

    private static final class Listening extends Handler {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord line) {
            StringWriter text = new StringWriter();
            text.append(new SimpleFormatter().formatMessage(line));
            if (line.getThrown() != null) {
                line.getThrown().printStackTrace(new PrintWriter(text));
            }
            lines.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
