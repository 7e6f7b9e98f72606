package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each fault does to the mint that suffers it, and to nothing else. */
final class FaultTest {
    @RegisterExtension
    static final EmulatorExtension PROVIDER =
            EmulatorExtension.of(
                    Emulator.builder()
                            .app("demo-account", "demo-client", "demo-secret")
                            .app("demo-account", "other-client", "other-secret"));

    private final Emulator emulator;
    private final Caller caller;

    FaultTest(Emulator emulator) {
        this.emulator = emulator;
        this.caller = new Caller(emulator);
    }

    private long mints() {
        return emulator.state().app("demo-client").mints();
    }

    @Test
    void loseResponseMintsAndCutsTheConnection() throws IOException {
        String before = caller.token();
        emulator.fault(Fault.LOSE_RESPONSE, 1);

        assertThatThrownBy(caller::mint).isInstanceOf(IOException.class);

        assertThat(mints()).isEqualTo(2);
        assertThat(caller.accepts(before)).isFalse();
        assertThat(caller.accepts(caller.token())).isTrue();
    }

    @Test
    void dropCutsTheConnectionWithoutMinting() throws IOException {
        String before = caller.token();
        emulator.fault(Fault.DROP, 1);

        assertThatThrownBy(caller::mint).isInstanceOf(IOException.class);

        assertThat(mints()).isEqualTo(1);
        assertThat(caller.accepts(before)).isTrue();
    }

    @Test
    void error500MintsNothing() throws IOException {
        String before = caller.token();
        emulator.fault(Fault.ERROR_500, 1);

        assertThat(caller.mint().statusCode()).isEqualTo(500);

        assertThat(caller.accepts(before)).isTrue();
    }

    @Test
    void error500MintedKillsThePreviousToken() throws IOException {
        String before = caller.token();
        emulator.fault(Fault.ERROR_500_MINTED, 1);

        assertThat(caller.mint().statusCode()).isEqualTo(500);

        assertThat(caller.accepts(before)).isFalse();
    }

    @Test
    void tooManySaysNothingOfWhenUnlessAsked() throws IOException {
        emulator.fault(Fault.TOO_MANY, 1);

        HttpResponse<String> answer = caller.mint();

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        assertThat(mints()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void tooManySaysWhenInEachForm(FaultOrder.RetryAfterForm form) throws IOException {
        emulator.fault(FaultOrder.of(Fault.TOO_MANY, 1).retryAfter(Duration.ofSeconds(30), form));
        Instant sent = Instant.now();

        String value = caller.mint().headers().firstValue("Retry-After").orElseThrow();

        Instant when =
                switch (form) {
                    case SECONDS -> sent.plusSeconds(Long.parseLong(value));
                    case HTTP_DATE ->
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant();
                    case ISO_8601 -> Instant.parse(value);
                };
        assertThat(when).isBetween(sent.plusSeconds(28), sent.plusSeconds(40));
    }

    @Test
    void slowMintsAtOnceAndAnswersLate() throws IOException {
        String before = caller.token();
        emulator.fault(FaultOrder.of(Fault.SLOW, 1).delay(Duration.ofMillis(300)));
        long sent = System.nanoTime();

        String token = caller.token();

        assertThat(System.nanoTime() - sent).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(295));
        assertThat(caller.accepts(before)).isFalse();
        assertThat(caller.accepts(token)).isTrue();
    }

    @Test
    void slowHasMintedAlsoForAClientThatGaveUp() throws IOException {
        String before = caller.token();
        emulator.fault(FaultOrder.of(Fault.SLOW, 1).delay(Duration.ofHours(1)));

        assertThatThrownBy(this::mintImpatiently).isInstanceOf(HttpTimeoutException.class);

        until(() -> mints() == 2);
        assertThat(caller.accepts(before)).isFalse();
    }

    @Test
    void stallNeverAnswersAndMintsNothing() throws IOException {
        String before = caller.token();
        emulator.fault(Fault.STALL, 1);

        assertThatThrownBy(this::mintImpatiently).isInstanceOf(HttpTimeoutException.class);

        assertThat(mints()).isEqualTo(1);
        assertThat(caller.accepts(before)).isTrue();
    }

    /** A client that gives up may do so before its request was looked at. */
    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void mintImpatiently() throws IOException {
        caller.send(
                caller.request("/oauth/token", "Authorization", Caller.BASIC)
                        .timeout(Duration.ofMillis(300))
                        .POST(BodyPublishers.ofString(Caller.GRANT)));
    }

    @Test
    void badJsonIsA200ThatMinted() throws IOException {
        emulator.fault(Fault.BAD_JSON, 1);

        HttpResponse<String> answer = caller.mint();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("{\"access_token\":\"eyJ");
        assertThatThrownBy(() -> Caller.json(answer)).isInstanceOf(IllegalArgumentException.class);
        assertThat(mints()).isEqualTo(1);
    }

    @Test
    void noExpiresInIsOtherwiseComplete() throws IOException {
        emulator.fault(Fault.NO_EXPIRES_IN, 1);

        HttpResponse<String> answer = caller.mint();

        assertThat(Caller.json(answer)).containsKey("scope").doesNotContainKey("expires_in");
        assertThat(caller.accepts(Caller.text(answer, "access_token"))).isTrue();
    }

    @Test
    void htmlIsAWebPageWithStatus200() throws IOException {
        emulator.fault(Fault.HTML, 1);

        HttpResponse<String> answer = caller.mint();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/html");
        assertThat(answer.body()).startsWith("<!DOCTYPE html>");
        assertThat(mints()).isZero();
    }

    @Test
    void emptyIsNothingWithStatus200() throws IOException {
        emulator.fault(Fault.EMPTY, 1);

        HttpResponse<String> answer = caller.mint();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(mints()).isZero();
    }

    @Test
    void cutBodyMintsAndBreaksOffInTheMiddle() throws IOException {
        String before = caller.token();
        emulator.fault(Fault.CUT_BODY, 1);

        assertThatThrownBy(caller::mint).isInstanceOf(IOException.class);

        assertThat(mints()).isEqualTo(2);
        assertThat(caller.accepts(before)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void sufferedExactlyAsOftenAsOrdered(Fault fault) throws IOException {
        emulator.fault(FaultOrder.of(fault, 2).delay(Duration.ofMillis(1)));
        assertThat(emulator.state().faults()).extracting(FaultOrder::count).containsExactly(2);

        for (int i = 0; i < 2; i++) {
            try {
                if (fault == Fault.STALL) {
                    mintImpatiently();
                } else {
                    caller.mint();
                }
            } catch (IOException cutOrStalled) {
                assertThat(fault)
                        .isIn(Fault.LOSE_RESPONSE, Fault.DROP, Fault.CUT_BODY, Fault.STALL);
            }
        }

        until(() -> emulator.state().faults().isEmpty());
        assertThat(mints()).isEqualTo(fault.mints() ? 2 : 0);
        assertThat(caller.mint().statusCode()).isEqualTo(200);
    }

    @Test
    void sufferedByTheAppThatIsMeantAndByNoRefusedRequest() throws IOException {
        emulator.fault(FaultOrder.of(Fault.ERROR_500, 1).forApp("other-client"));

        assertThat(caller.mint().statusCode()).isEqualTo(200);
        assertThat(other("wrong").statusCode()).isEqualTo(400);
        assertThat(other("other-secret").statusCode()).isEqualTo(500);
        assertThat(other("other-secret").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> other(String secret) throws IOException {
        return caller.post(
                "/oauth/token",
                Caller.GRANT,
                "Authorization",
                Caller.basic("other-client", secret));
    }

    @Test
    void sufferedInTheOrderOrdered() throws IOException {
        emulator.fault(Fault.ERROR_500, 1);
        emulator.fault(Fault.TOO_MANY, 1);

        assertThat(caller.mint().statusCode()).isEqualTo(500);
        assertThat(caller.mint().statusCode()).isEqualTo(429);
        assertThat(caller.mint().statusCode()).isEqualTo(200);
    }

    @Test
    void rivalIsSpared() {
        emulator.fault(Fault.ERROR_500, 1);

        emulator.rival("demo-client");

        assertThat(mints()).isEqualTo(1);
        assertThat(emulator.state().faults()).hasSize(1);
    }
}
