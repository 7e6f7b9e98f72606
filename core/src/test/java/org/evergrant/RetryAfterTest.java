package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "120,120",
        "0,0",
        "'Mon, 01 Jun 2026 12:00:30 GMT',30",
        "2026-06-01T12:01:00Z,60",
        "2026-06-01T14:01:00+02:00,60",
        "2026-06-01T11:00:00Z,0"
    })
    void secondsHttpDatesAndIsoDatesAreRead(String text, long seconds) {
        assertThat(asked(Map.of("Retry-After", text))).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void datesAreRelativeToTheAnswersOwnDate() {
        Map<String, String> headers = new HashMap<>();
        headers.put("Date", "Mon, 01 Jun 2026 10:00:00 GMT");
        headers.put("Retry-After", "Mon, 01 Jun 2026 10:00:05 GMT");

        assertThat(asked(headers)).contains(Duration.ofSeconds(5));
    }

    @Test
    void resetTimeStandsInForAMissingRetryAfter() {
        String reset = String.valueOf(NOW.plusSeconds(9).getEpochSecond());

        HttpHeaders headers =
                HttpHeaders.of(Map.of("X-RateLimit-Reset", List.of(reset)), (name, value) -> true);

        assertThat(RetryAfter.orReset(headers, NOW)).contains(Duration.ofSeconds(9));
        assertThat(RetryAfter.of(headers, NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "99999999999999", "2026-13-45T00:00:00Z"})
    void nonsenseIsNothing(String text) {
        assertThat(asked(Map.of("Retry-After", text))).isEmpty();
    }

    private static Optional<Duration> asked(Map<String, String> headers) {
        Map<String, List<String>> lists = new HashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return RetryAfter.of(HttpHeaders.of(lists, (name, value) -> true), NOW);
    }
}
