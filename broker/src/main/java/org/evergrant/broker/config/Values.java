package org.evergrant.broker.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.evergrant.spi.DurationText;

/** How single values are read. A wrong one is an {@link IllegalArgumentException}. */
final class Values {
    static final Listen LISTEN = new Listen("127.0.0.1", 8484);
    static final Duration WAIT = Duration.ofSeconds(10);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private Values() {}

    static URI url(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException wrong) {
            throw new IllegalArgumentException(" (expected: a URL)", wrong);
        }
    }

    /** A base URL: no query, and no slash at its end. */
    static URI baseUrl(String text) {
        URI url = url(text.replaceFirst("/+\\z", ""));
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http
                || url.getHost() == null
                || url.getUserInfo() != null
                || url.getQuery() != null
                || url.getFragment() != null) {
            throw new IllegalArgumentException(
                    " (expected: http or https, a host, no user, query or fragment)");
        }
        return url;
    }

    static Duration wait(String text) {
        Duration wait = DurationText.parse(text);
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException(
                    " (expected: 0s to " + DurationText.format(LONGEST_WAIT) + ")");
        }
        return wait;
    }

    static boolean yes(String text) {
        return choice(text, List.of("true", "false")).equals("true");
    }

    static <E extends Enum<E>> E word(Class<E> type, String text) {
        List<String> words =
                java.util.Arrays.stream(type.getEnumConstants())
                        .map(one -> one.name().toLowerCase(Locale.ROOT))
                        .toList();
        return Enum.valueOf(type, choice(text, words).toUpperCase(Locale.ROOT));
    }

    static String choice(String text, List<String> words) {
        if (!words.contains(text)) {
            throw new IllegalArgumentException(" (expected: " + String.join(" or ", words) + ")");
        }
        return text;
    }
}
