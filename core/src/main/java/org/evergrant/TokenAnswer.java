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
    private static final double LONGEST_LIFE_SECONDS = Duration.ofDays(3650).toSeconds();

    private final App app;
    private final int index;
    private final int status;
    private final HttpHeaders headers;
    private final Optional<JsonFields> json;
    private final boolean empty;

    private TokenAnswer(App app, int index, int status, HttpHeaders headers, byte[] body) {
        this.app = app;
        this.index = index;
        this.status = status;
        this.headers = headers;
        this.json = JsonFields.read(body);
        this.empty = body.length == 0;
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
        return new Doubtful(said(), retryAfter());
    }

    private Answer success() {
        if (json.isEmpty()) {
            return new Doubtful(said() + "; is token-url the token endpoint?", retryAfter());
        }
        JsonFields fields = json.get();
        String token = fields.text("access_token");
        if (isToken(token)) {
            return new Minted(
                    Secret.of(token),
                    plain(fields.text("token_type")).orElse("bearer"),
                    plain(fields.text("scope")).orElse(""),
                    url(fields.text("api_url")),
                    life(fields.text("expires_in")));
        }
        // Zoho and WeChat refuse with status 200.
        boolean refusal = token.isEmpty() && !words().isEmpty();
        return refusal
                ? refused(kind(), said())
                : new Doubtful(said() + ", without a usable access_token", retryAfter());
    }

    private NotMinted refused(Trouble.Kind kind, String detail) {
        return new NotMinted(kind, detail, retryAfter());
    }

    private Trouble.Kind kind() {
        String words = String.join(" ", words()).toLowerCase(Locale.ROOT);
        if (index > 0 && mentions(words, "tolerance", "token_index", "token index", "4740")) {
            return Trouble.Kind.INDEX;
        }
        // Zoho: {"error":"Access Denied","error_description":"You have made too many requests …"}
        boolean limited = mentions(words, "too many", "rate limit", "slow_down", "quota");
        if (status == 429 || limited) {
            return Trouble.Kind.RATE_LIMITED;
        }
        boolean passing = mentions(words, "temporarily_unavailable", "server_error");
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
        String what = empty ? "nothing" : json.isPresent() ? "JSON" : "something that is no JSON";
        return "answered " + status + " with " + what;
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
        String clean = text.replace(app.clientSecret().reveal(), "***");
        String token = json.map(fields -> fields.text("access_token")).orElse("");
        return token.isEmpty() ? clean : clean.replace(token, "***");
    }

    private String redirect() {
        String target = headers.firstValue("Location").map(TokenAnswer::place).orElse("nowhere");
        return "answered " + status + ", a redirect to " + target + "; token-url must not redirect";
    }

    private static String place(String location) {
        int end = location.length();
        for (char mark : new char[] {'?', '#'}) {
            int at = location.indexOf(mark);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        return Quote.cut(location.substring(0, end).replaceFirst("//[^/@]*@", "//***@"));
    }

    private Optional<Duration> retryAfter() {
        return RetryAfter.of(headers, Instant.now());
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
                        && text.chars().noneMatch(Character::isISOControl);
        return plain ? Optional.of(text) : Optional.empty();
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
            return seconds > 0 && seconds <= LONGEST_LIFE_SECONDS
                    ? Optional.of(Duration.ofMillis((long) (seconds * 1000)))
                    : Optional.empty();
        } catch (NumberFormatException unsaid) {
            return Optional.empty();
        }
    }
}
