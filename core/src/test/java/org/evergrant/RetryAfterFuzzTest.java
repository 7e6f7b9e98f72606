package org.evergrant;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Any {@code Retry-After}, {@code X-RateLimit-Reset} and {@code Date}: the three lines of the
 * input.
 */
final class RetryAfterFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-24T06:00:00Z");
    private static final DateTimeFormatter HTTP =
            DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    @FuzzTest
    void everyHeaderIsAWaitOrNothing(byte[] input) {
        String[] lines = new String(input, ISO_8859_1).split("\n", 3);
        String after = lines[0];
        String reset = lines.length > 1 ? lines[1] : "";
        String date = lines.length > 2 ? lines[2] : "";
        HttpHeaders headers = headers(after, reset, date);

        Optional<Duration> asked = RetryAfter.of(headers, NOW);
        Optional<Duration> limited = RetryAfter.orReset(headers, NOW);

        assertThat(asked.orElse(Duration.ZERO).isNegative()).isFalse();
        assertThat(limited.orElse(Duration.ZERO).isNegative()).isFalse();
        if (asked.isPresent()) {
            assertThat(limited).isEqualTo(asked);
        }
        asked.ifPresent(wait -> everyFormSaysTheSame(wait.toSeconds()));
    }

    /** Seconds, both forms of a date and a reset that ask for the same wait are read as one. */
    private static void everyFormSaysTheSame(long seconds) {
        Instant then = NOW.plusSeconds(seconds % 1_000_000_000);
        Duration wait = Duration.between(NOW, then);

        assertThat(RetryAfter.of(headers("" + wait.toSeconds(), "", ""), NOW)).contains(wait);
        assertThat(RetryAfter.of(headers(HTTP.format(then), "", ""), NOW)).contains(wait);
        assertThat(RetryAfter.of(headers(then.toString(), "", ""), NOW)).contains(wait);
        assertThat(RetryAfter.orReset(headers("", "" + then.getEpochSecond(), ""), NOW))
                .contains(wait);
        assertThat(RetryAfter.of(headers(then.toString(), "", then.toString()), NOW))
                .contains(Duration.ZERO);
    }

    private static HttpHeaders headers(String after, String reset, String date) {
        return HttpHeaders.of(
                Map.of(
                        "Retry-After", List.of(after),
                        "X-RateLimit-Reset", List.of(reset),
                        "Date", List.of(date)),
                (name, value) -> !value.isEmpty());
    }
}
