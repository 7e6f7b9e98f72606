package org.evergrant;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.evergrant.spi.Minter.Answer;
import org.evergrant.spi.Minter.Doubtful;
import org.evergrant.spi.Minter.Minted;
import org.evergrant.spi.Minter.NotMinted;
import org.evergrant.spi.Trouble;

/** What a provider's answer to a mint means. */
final class TokenAnswer {
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final int LONGEST_URL = 2048;

    /** What a record keeps of a life is whole milliseconds. */
    private static final double SHORTEST_LIFE_SECONDS = 0.001;

    private static final double LONGEST_LIFE_SECONDS = Duration.ofDays(3650).toSeconds();

    private final int index;
    private final int status;
    private final HttpHeaders headers;
    private final Optional<JsonFields> json;
    private final byte[] body;
    private final Scrub scrub;

    private TokenAnswer(App app, int index, int status, HttpHeaders headers, byte[] body) {
        this.index = index;
        this.status = status;
        this.headers = headers;
        this.json = JsonFields.read(body);
        this.body = body;
        this.scrub = Scrub.of(app);
    }

    /** Returns what an answer means for a mint of {@code app} at {@code index}. */
    static Answer of(App app, int index, int status, HttpHeaders headers, byte[] body) {
        return new TokenAnswer(app, index, status, headers, body).read();
    }

    private Answer read() {
        if (status >= 200 && status < 300) {
            return success();
        }
        if (status >= 300 && status < 400) {
            return refused(Trouble.Kind.MISCONFIGURED, redirect());
        }
        if (status >= 400 && status < 500) {
            return refused(kind(), said());
        }
        return doubtful(said());
    }

    private Answer success() {
        if (json.isEmpty()) {
            return doubtful(said());
        }
        JsonFields fields = json.get();
        String token = fields.string("access_token");
        if (isToken(token)) {
            // One copy each of what most tokens of a provider have in common.
            return new Minted(
                    Secret.of(token),
                    plain(fields.text("token_type")).orElse("bearer").intern(),
                    plain(fields.text("scope")).orElse("").intern(),
                    url(fields.text("api_url")).intern(),
                    life(fields.text("expires_in")));
        }
        return token.isEmpty() && isRefusal(fields)
                ? refused(kind(), said())
                : doubtful(said() + ", without a usable access_token");
    }

    /**
     * Zoho and WeChat refuse with status 200. Only a field that says "error" counts: {@code
     * message} and {@code reason} may as well say that all went well.
     */
    private static boolean isRefusal(JsonFields fields) {
        String code = fields.text("errcode");
        return fields.text("access_token").isEmpty()
                && (!fields.text("error").isBlank() || !(code.isBlank() || code.equals("0")));
    }

    private Doubtful doubtful(String detail) {
        return new Doubtful(detail, RetryAfter.of(headers, Instant.now()));
    }

    private NotMinted refused(Trouble.Kind kind, String detail) {
        Instant now = Instant.now();
        return new NotMinted(
                kind,
                detail,
                kind == Trouble.Kind.RATE_LIMITED
                        ? RetryAfter.orReset(headers, now)
                        : RetryAfter.of(headers, now));
    }

    private Trouble.Kind kind() {
        String words = String.join(" ", words()).toLowerCase(Locale.ROOT);
        if (index > 0 && mentions(words, "tolerance", "token_index", "token index", "4740")) {
            return Trouble.Kind.INDEX;
        }
        // Zoho: {"error":"Access Denied","error_description":"You have made too many requests …"}
        boolean limited =
                mentions(words, "too many", "rate limit", "rate_limit", "slow_down", "quota");
        if (status == 429 || limited) {
            return Trouble.Kind.RATE_LIMITED;
        }
        // WeChat's errcode -1: busy, ask again later.
        boolean busy = json.map(fields -> fields.text("errcode").equals("-1")).orElse(false);
        boolean passing = busy || mentions(words, "temporarily_unavailable", "server_error");
        return status == 408 || status == 425 || passing
                ? Trouble.Kind.UNREACHABLE
                : Trouble.Kind.MISCONFIGURED;
    }

    private static boolean mentions(String words, String... any) {
        for (String one : any) {
            if (words.contains(one)) {
                return true;
            }
        }
        return false;
    }

    /** The provider's own words, without what it may have echoed of our credentials. */
    private String said() {
        List<String> words = words();
        if (!words.isEmpty()) {
            return "answered " + status + ": " + String.join(", ", words);
        }
        String what =
                switch (first()) {
                    case '\0' -> "nothing";
                    case '<' -> "HTML";
                    default -> json.isPresent() ? "JSON" : "something that is no JSON";
                };
        boolean elsewhere = json.isEmpty() && status < 500;
        return "answered "
                + status
                + " with "
                + what
                + (elsewhere ? "; is token-url the token endpoint?" : "");
    }

    /** Returns the body's first character that is no space; 0 when there is none. */
    private char first() {
        for (byte one : body) {
            if (one > ' ') {
                return (char) one;
            }
        }
        return '\0';
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        for (String name :
                List.of(
                        "error",
                        "error_description",
                        "reason",
                        "message",
                        "errorMessage",
                        "errcode",
                        "errmsg")) {
            String text = json.map(fields -> fields.text(name)).orElse("");
            boolean ok = name.equals("errcode") && text.equals("0");
            if (!text.isBlank() && !ok) {
                words.add(Quote.cut(scrubbed(text)));
            }
        }
        return words;
    }

    private String scrubbed(String text) {
        return scrub.clean(text, json.map(fields -> fields.text("access_token")).orElse(""));
    }

    private String redirect() {
        String target = headers.firstValue("Location").map(this::place).orElse("nowhere");
        return "answered " + status + ", a redirect to " + target + "; token-url must not redirect";
    }

    private String place(String location) {
        int end = location.length();
        for (char mark : new char[] {'?', '#'}) {
            int at = location.indexOf(mark);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        return Quote.cut(scrubbed(location.substring(0, end)).replaceFirst("//[^/@]*@", "//***@"));
    }

    /** A token goes into a header, so nothing that could end the header goes into a token. */
    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_TOKEN
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static Optional<String> plain(String text) {
        boolean plain =
                !text.isEmpty()
                        && text.length() <= LONGEST_TOKEN
                        && text.codePoints().noneMatch(TokenAnswer::isUnfit);
        return plain ? Optional.of(text) : Optional.empty();
    }

    /** Half a surrogate pair would be another text once it was stored. */
    private static boolean isUnfit(int character) {
        return Character.isISOControl(character)
                || Character.getType(character) == Character.SURROGATE;
    }

    private static String url(String text) {
        try {
            URI url = new URI(text);
            boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            boolean usable = http && url.getHost() != null && url.getUserInfo() == null;
            return usable && text.length() <= LONGEST_URL ? text : "";
        } catch (URISyntaxException unusable) {
            return "";
        }
    }

    private static Optional<Duration> life(String text) {
        try {
            double seconds = Double.parseDouble(text);
            return seconds >= SHORTEST_LIFE_SECONDS && seconds <= LONGEST_LIFE_SECONDS
                    ? Optional.of(Duration.ofMillis((long) (seconds * 1000)))
                    : Optional.empty();
        } catch (NumberFormatException unsaid) {
            return Optional.empty();
        }
    }
}
