package org.evergrant;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How long a provider asks us to wait. */
final class RetryAfter {
    private RetryAfter() {}

    /**
     * Returns what {@code Retry-After} asks for: seconds, an HTTP date (RFC 9110 section 10.2.3)
     * or, as Zoom sends it, an ISO 8601 date-time. Dates are taken relative to the answer's own
     * {@code Date}. Empty when there is none or it makes no sense.
     *
     * @param now the time of day here, for answers without a date
     */
    static Optional<Duration> of(HttpHeaders headers, Instant now) {
        Instant sent = sent(headers, now);
        return headers.firstValue("Retry-After").flatMap(text -> wait(text.strip(), sent));
    }

    /**
     * Returns the same; failing that, what {@code X-RateLimit-Reset} asks for, in seconds since
     * 1970. Only for an answer that is about a limit: some providers send that header on every one.
     */
    static Optional<Duration> orReset(HttpHeaders headers, Instant now) {
        Instant sent = sent(headers, now);
        return of(headers, now)
                .or(() ->
                        headers.firstValue("X-RateLimit-Reset")
                                .map(String::strip)
                                .filter(text -> text.matches("[0-9]{9,11}"))
                                .map(Long::parseLong)
                                .map(reset -> until(Instant.ofEpochSecond(reset), sent)));
    }

    private static Instant sent(HttpHeaders headers, Instant now) {
        return headers.firstValue("Date").flatMap(RetryAfter::date).orElse(now);
    }

    private static Optional<Duration> wait(String text, Instant sent) {
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        return date(text).map(instant -> until(instant, sent));
    }

    private static Duration until(Instant instant, Instant sent) {
        return instant.isAfter(sent) ? Duration.between(sent, instant) : Duration.ZERO;
    }

    private static Optional<Instant> date(String text) {
        Optional<Instant> http = date(text, DateTimeFormatter.RFC_1123_DATE_TIME);
        return http.isPresent() ? http : date(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    private static Optional<Instant> date(String text, DateTimeFormatter format) {
        try {
            return Optional.of(OffsetDateTime.parse(text, format).toInstant());
        } catch (DateTimeException otherForm) {
            return Optional.empty();
        }
    }
}
