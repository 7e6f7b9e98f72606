package org.evergrant.broker.proxy;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The base of an API, the only place that its calls go to.
 *
 * @param base the path that every call's path is put behind; empty or with a slash at its beginning
 *     and none at its end
 */
record Origin(boolean ssl, String host, int port, String base) {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    static Origin of(URI url) {
        boolean ssl = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() < 0 ? (ssl ? HTTPS : HTTP) : url.getPort();
        String host = url.getHost();
        boolean literal = host.startsWith("[");
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return new Origin(
                ssl,
                literal ? host.substring(1, host.length() - 1) : host,
                port,
                path.replaceFirst("/+\\z", ""));
    }

    /**
     * Returns the origin that a provider's {@code api_url} names, if it can be trusted: https, the
     * usual port, nothing but a host, and that below one of {@code domains}. Null otherwise.
     */
    static @Nullable Origin told(String apiUrl, Set<String> domains) {
        if (apiUrl.isEmpty() || domains.isEmpty()) {
            return null;
        }
        try {
            URI url = URI.create(apiUrl);
            String host = url.getHost();
            boolean plain =
                    "https".equalsIgnoreCase(url.getScheme())
                            && host != null
                            && url.getRawUserInfo() == null
                            && (url.getPort() < 0 || url.getPort() == HTTPS)
                            && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
                            && url.getRawQuery() == null
                            && url.getRawFragment() == null;
            return plain && isBelow(host.toLowerCase(Locale.ROOT), domains) ? of(url) : null;
        } catch (IllegalArgumentException notUrl) {
            return null;
        }
    }

    private static boolean isBelow(String host, Set<String> domains) {
        return domains.stream().anyMatch(domain -> host.endsWith("." + domain));
    }

    /** Returns whether an absolute URL is one of this origin's, whatever its path. */
    boolean isOf(URI url) {
        if (url.getHost() == null) {
            return false;
        }
        Origin other = of(url);
        return other.ssl == ssl && other.port == port && other.host.equalsIgnoreCase(host);
    }
}
