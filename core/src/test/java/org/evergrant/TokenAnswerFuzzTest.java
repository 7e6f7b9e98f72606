package org.evergrant;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter.Answer;
import org.evergrant.spi.Minter.Doubtful;
import org.evergrant.spi.Minter.Minted;
import org.evergrant.spi.Minter.NotMinted;
import org.evergrant.spi.Policy;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Rotation;
import org.evergrant.spi.Seal;
import org.evergrant.spi.Trouble;

/**
 * Any answer of a provider at all. The input is written as HTTP has it: the status and the {@code
 * token_index} of the mint in the first line, header lines, an empty line, the body.
 */
final class TokenAnswerFuzzTest {
    private static final String SECRET = "canary+secret/=";
    private static final String TOKEN = "eyJcanary.token-value";
    private static final Instant NOW = Instant.parse("2026-11-24T06:00:00Z");

    /** Seven texts of 120 characters and what stands around them. */
    private static final int LONGEST_DETAIL = 1500;

    private static final App APP =
            App.builder(AppId.of("app"))
                    .tokenUrl(URI.create("https://provider.example/oauth/token"))
                    .clientId("client")
                    .clientSecret(Secret.of(SECRET))
                    .retention(Retention.indexed(3))
                    .build();
    private static final Policy POLICY = Policy.of(APP);
    private static final RecordCodec CODEC = RecordCodec.sealedBy(new Unsealed());

    /** An answer as it came: what the input spells. */
    private record Sent(int status, int index, HttpHeaders headers, String latin) {
        byte[] body() {
            return latin.getBytes(ISO_8859_1);
        }

        static Sent of(byte[] input) {
            String text = new String(input, ISO_8859_1);
            int end = text.indexOf("\n\n");
            String head = end < 0 ? text : text.substring(0, end);
            String[] lines = head.split("\n", -1);
            String[] first = lines[0].split(" ", 2);
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (int i = 1; i < lines.length && i < 20; i++) {
                String[] field = lines[i].split(":", 2);
                if (field.length == 2 && field[0].matches("[A-Za-z-]+")) {
                    headers.computeIfAbsent(field[0], none -> new ArrayList<>()).add(field[1]);
                }
            }
            return new Sent(
                    100 + number(first[0]) % 500,
                    first.length == 1 ? 0 : number(first[1]) % 3,
                    HttpHeaders.of(headers, (name, value) -> true),
                    end < 0 ? "" : text.substring(end + 2));
        }

        /** What a whole number says, less 100 so that a status stands as itself; or any number. */
        private static int number(String text) {
            return text.matches("[0-9]{1,4}")
                    ? (Integer.parseInt(text) + 400) % 500
                    : text.hashCode() & 0xfff;
        }
    }

    private static final class Unsealed implements Seal {
        @Override
        public byte[] seal(byte[] plain, byte[] context) {
            return plain;
        }

        @Override
        public byte[] open(byte[] sealed, byte[] context) {
            return sealed;
        }
    }

    @FuzzTest
    void everyAnswerHasAMeaningAndGivesNothingAway(byte[] input) {
        Sent sent = Sent.of(input);

        Answer answer =
                TokenAnswer.of(APP, sent.index(), sent.status(), sent.headers(), sent.body());

        if (answer instanceof Minted minted) {
            assertThat(sent.status()).isBetween(200, 299);
            canBePassedOn(minted);
        } else if (answer instanceof NotMinted refused) {
            assertThat(sent.status()).isBetween(200, 499);
            canBeShown(refused.detail(), sent);
            isAWait(refused.retryAfter());
            assertThat(refused.kind())
                    .isIn(
                            Trouble.Kind.UNREACHABLE,
                            Trouble.Kind.RATE_LIMITED,
                            Trouble.Kind.MISCONFIGURED,
                            Trouble.Kind.INDEX);
            assertThat(refused.kind() == Trouble.Kind.INDEX && sent.index() == 0).isFalse();
        } else {
            Doubtful doubtful = (Doubtful) answer;
            assertThat(sent.status()).matches(status -> status < 300 || status >= 500);
            canBeShown(doubtful.detail(), sent);
            isAWait(doubtful.retryAfter());
        }
        theRotationCanUse(answer, sent.index());
    }

    private static void canBePassedOn(Minted minted) {
        assertThat(minted.value().reveal()).matches("[!-~]{1,16384}");
        assertThat(minted.type()).isNotEmpty();
        assertThat(minted.type() + minted.scope() + minted.apiUrl())
                .doesNotContainPattern("[\\p{Cc}\\p{Cs}]");
        assertThat(minted.apiUrl()).matches("(https?://.{1,2048})?");
        minted.expiresIn()
                .ifPresent(life ->
                        assertThat(life).isBetween(Duration.ofMillis(1), Duration.ofDays(3650)));
    }

    private static void canBeShown(String detail, Sent sent) {
        assertThat(detail)
                .hasSizeLessThan(LONGEST_DETAIL)
                .startsWith("answered " + sent.status())
                .doesNotContain(SECRET, Scrub.basic(APP))
                .doesNotContainIgnoringCase(URLEncoder.encode(SECRET, UTF_8))
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
        assertThat(new String(detail.getBytes(UTF_8), UTF_8)).isEqualTo(detail);
        boolean hasToken =
                JsonFields.read(sent.body())
                        .filter(fields -> fields.text("access_token").equals(TOKEN))
                        .isPresent();
        if (hasToken) {
            assertThat(detail).doesNotContain(TOKEN);
        }
    }

    private static void isAWait(Optional<Duration> wait) {
        wait.ifPresent(asked -> assertThat(asked).isGreaterThanOrEqualTo(Duration.ZERO));
    }

    /** The record that comes of it is whole, is stored as it is, and says what to do next. */
    private static void theRotationCanUse(Answer answer, int index) {
        Claim claim = Rotation.claim(AppRecord.EMPTY, POLICY, "node", index, NOW);
        AppRecord claimed = Rotation.claimed(AppRecord.EMPTY, POLICY, claim);
        Instant later = NOW.plusMillis(300);

        AppRecord next;
        if (answer instanceof Minted minted) {
            next = Rotation.published(claimed, POLICY, claim, minted, later);
            assertThat(next.generation()).isOne();
        } else if (answer instanceof NotMinted refused) {
            next = Rotation.failed(claimed, POLICY, claim, refused, later);
        } else {
            next = Rotation.doubted(claimed, POLICY, claim, (Doubtful) answer, later);
        }

        assertThat(next.claim()).isNull();
        assertThat(CODEC.decode(APP.id(), CODEC.encode(APP.id(), next))).isEqualTo(next);
        assertThat(Rotation.next(next, POLICY, later)).isNotNull();
        Trouble trouble = next.trouble();
        if (trouble != null) {
            assertThat(next.tokens()).isEmpty();
            assertThat(trouble.retryAt()).isBetween(later, later.plus(Duration.ofHours(1)));
        }
    }
}
