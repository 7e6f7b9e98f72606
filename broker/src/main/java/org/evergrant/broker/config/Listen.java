package org.evergrant.broker.config;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param port 0 for any free one
 */
public record Listen(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:\\[([0-9A-Fa-f.%]*:[0-9A-Fa-f:.%]*)]|([A-Za-z0-9._-]+)):([0-9]{1,5})");
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Returns the place that {@code text} names: {@code 127.0.0.1:8484}, {@code [::1]:8484}.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static Listen parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(3)) > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    Shown.quoted(text)
                            + " (expected: HOST:PORT like 127.0.0.1:8484 or [::1]:8484, port 0 to "
                            + HIGHEST_PORT
                            + ")");
        }
        String host = form.group(1) == null ? form.group(2) : form.group(1);
        return new Listen(host, Integer.parseInt(form.group(3)));
    }

    /**
     * Returns whether only this machine can reach it. No name is looked up: but for {@code
     * localhost} a name counts as reachable by others.
     */
    public boolean isLoopback() {
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
