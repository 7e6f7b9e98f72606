package org.evergrant;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** Takes an app's credentials, in every form a mint sends them, out of a provider's words. */
final class Scrub {
    private static final String GONE = "***";

    private final Pattern credentials;

    private Scrub(Pattern credentials) {
        this.credentials = credentials;
    }

    static Scrub of(App app) {
        String secret = app.clientSecret().reveal();
        return new Scrub(
                Pattern.compile(
                        Pattern.quote(secret)
                                + "|"
                                // Providers write the hexadecimal digits of %2F either way.
                                + "(?i:"
                                + Pattern.quote(URLEncoder.encode(secret, StandardCharsets.UTF_8))
                                + ")|"
                                + Pattern.quote(basic(app))));
    }

    /**
     * Returns id and secret as Basic authentication has them. RFC 6749 section 2.3.1 wants both
     * form-encoded before they are joined; Zoom, like most providers, takes them as they are. Ids
     * and secrets in use are the same either way.
     */
    static String basic(App app) {
        String pair = app.clientId() + ":" + app.clientSecret().reveal();
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns {@code text} without the credentials and without {@code token}. */
    String clean(String text, String token) {
        String clean = credentials.matcher(text).replaceAll(GONE);
        return token.isEmpty() ? clean : clean.replace(token, GONE);
    }
}
