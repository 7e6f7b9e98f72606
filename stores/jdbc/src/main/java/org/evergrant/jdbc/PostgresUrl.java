package org.evergrant.jdbc;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.evergrant.MisconfiguredException;
import org.evergrant.Secret;

/**
 * Where a PostgreSQL is and how to talk to it, as its own tools write it: {@code
 * postgresql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?NAME=VALUE&…}. User, password and
 * database are percent-encoded.
 */
public final class PostgresUrl {
    /**
     * With one @ at most: before a second one, part of a password would count as something else.
     */
    private static final Pattern FORM =
            Pattern.compile(
                    "postgres(?:ql)?://(?:([^/?#]*)@)?([^/?#@]*)(?:/([^?#@]*))?(?:\\?([^#@]*))?");

    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]]+)(?::([0-9]{1,5}))?");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,47}");
    private static final int DEFAULT_PORT = 5432;
    private static final int HIGHEST_PORT = 65535;
    private static final int MOST_CONNECTIONS = 64;

    /** What every setting is called in the driver; its values are the driver's. */
    private static final Map<String, String> SETTINGS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("sslmode", "sslmode"),
                            Map.entry("sslrootcert", "sslrootcert"),
                            Map.entry("sslcert", "sslcert"),
                            Map.entry("sslkey", "sslkey"),
                            Map.entry("sslpassword", "sslpassword"),
                            Map.entry("sslNegotiation", "sslNegotiation"),
                            Map.entry("channelBinding", "channelBinding"),
                            Map.entry("channel_binding", "channelBinding"),
                            Map.entry("requireAuth", "requireAuth"),
                            Map.entry("gssEncMode", "gssEncMode"),
                            Map.entry("targetServerType", "targetServerType"),
                            Map.entry("loadBalanceHosts", "loadBalanceHosts"),
                            Map.entry("prepareThreshold", "prepareThreshold"),
                            Map.entry("connectTimeout", "connectTimeout"),
                            Map.entry("connect_timeout", "connectTimeout"),
                            Map.entry("ApplicationName", "ApplicationName"),
                            Map.entry("application_name", "ApplicationName")));

    private static final Map<String, List<String>> VALUES =
            Map.of(
                    "sslmode",
                    List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
                    "targetServerType",
                    List.of("any", "primary"),
                    "loadBalanceHosts",
                    List.of("true", "false"));

    private final String hosts;
    private final boolean local;
    private final String database;
    private final String user;
    private final Secret password;
    private final String schema;
    private final int connections;
    private final Properties settings;

    private PostgresUrl(Reading read) {
        hosts = String.join(",", read.hosts);
        local = read.hosts.stream().allMatch(PostgresUrl::isLoopback);
        database = read.database;
        user = read.user;
        password = Secret.of(read.password);
        schema = read.schema;
        connections = read.connections;
        settings = read.settings;
    }

    /**
     * Returns what {@code text} says.
     *
     * @throws MisconfiguredException naming every fault, and never the password
     */
    public static PostgresUrl parse(String text) {
        Reading read = new Reading();
        read.all(text);
        if (!read.faults.isEmpty()) {
            throw new MisconfiguredException(String.join("; ", read.faults));
        }
        return new PostgresUrl(read);
    }

    /** Returns whether {@code text} begins as such a URL does, right or wrong as the rest is. */
    public static boolean isMeant(String text) {
        return text.startsWith("postgresql:") || text.startsWith("postgres:");
    }

    String schema() {
        return schema;
    }

    String user() {
        return user;
    }

    int connections() {
        return connections;
    }

    /** Returns whether somebody said that a pooler stands in between, as people say it. */
    boolean saysPooler() {
        return "0".equals(settings.getProperty("prepareThreshold"));
    }

    /** Returns what the driver calls the place. */
    String driverUrl() {
        String name = URLEncoder.encode(database, StandardCharsets.UTF_8);
        return "jdbc:postgresql://" + hosts + "/" + name;
    }

    /** Returns a fresh copy of the settings for the driver, the password among them. */
    Properties driverSettings() {
        Properties all = new Properties();
        // Sealed or not, a record is worth nothing if a stranger can play the database.
        all.setProperty("sslmode", local ? "prefer" : "verify-full");
        all.setProperty("targetServerType", hosts.contains(",") ? "primary" : "any");
        // After a failover the one that was a standby a moment ago is the one to ask.
        all.setProperty("hostRecheckSeconds", "0");
        all.setProperty("connectTimeout", "3");
        all.setProperty("tcpKeepAlive", "true");
        all.setProperty("ApplicationName", "evergrant");
        all.putAll(settings);
        if (all.getProperty("sslmode").startsWith("verify-")
                && all.getProperty("sslrootcert", "system").equals("system")) {
            all.remove("sslrootcert");
            all.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        if (!user.isEmpty()) {
            all.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            all.setProperty("password", password.reveal());
        }
        return all;
    }

    /** Returns the URL without password and settings. */
    @Override
    public String toString() {
        return "postgresql://" + (user.isEmpty() ? "" : user + "@") + hosts + "/" + database;
    }

    private static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host.substring(0, host.lastIndexOf(':'))).matches();
    }

    /** Reads everything before anything is refused. */
    private static final class Reading {
        private final List<String> faults = new ArrayList<>();
        private final List<String> hosts = new ArrayList<>();
        private final Properties settings = new Properties();
        private String user = "";
        private String password = "";
        private String database = "";
        private String schema = "evergrant";
        private int connections = 4;

        private void all(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                // Without any piece of it: which one is the password is not known here.
                faults.add(
                        "no PostgreSQL URL (expected:"
                            + " postgresql://USER:PASSWORD@HOST:PORT/DATABASE; in USER and PASSWORD"
                            + " write / ? # @ % as %2F %3F %23 %40 %25)");
                return;
            }
            credentials(form.group(1) == null ? "" : form.group(1));
            for (String host : form.group(2).split(",", -1)) {
                host(host);
            }
            database = decoded("the database", form.group(3) == null ? "" : form.group(3));
            if (database.isEmpty() || database.contains("/")) {
                faults.add("the database has no name (expected: …HOST/DATABASE)");
            }
            String query = form.group(4) == null ? "" : form.group(4);
            for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                setting(name, decoded(name, equals < 0 ? "" : pair.substring(equals + 1)));
            }
        }

        private void credentials(String text) {
            int colon = text.indexOf(':');
            user = decoded("the user", colon < 0 ? text : text.substring(0, colon));
            password = decoded("the password", colon < 0 ? "" : text.substring(colon + 1));
        }

        private void host(String text) {
            Matcher host = HOST.matcher(text);
            if (!host.matches()) {
                faults.add("no host (expected: HOST or HOST:PORT, several with commas)");
                return;
            }
            int port = host.group(2) == null ? DEFAULT_PORT : Integer.parseInt(host.group(2));
            if (port < 1 || port > HIGHEST_PORT) {
                faults.add("port " + port + " (expected: 1 to " + HIGHEST_PORT + ")");
            }
            hosts.add(host.group(1) + ":" + port);
        }

        private void setting(String name, String value) {
            if (name.equals("schema")) {
                schema = value;
                check(name, SCHEMA.matcher(value).matches(), "1 to 48 of a-z, 0-9, '_'");
            } else if (name.equals("connections")) {
                boolean number = value.matches("[1-9][0-9]?");
                connections = number ? Integer.parseInt(value) : 1;
                check(name, number && connections <= MOST_CONNECTIONS, "1 to " + MOST_CONNECTIONS);
            } else if (SETTINGS.containsKey(name)) {
                String known = SETTINGS.getOrDefault(name, name);
                List<String> values = VALUES.getOrDefault(known, List.of(value));
                check(name, values.contains(value), String.join(", ", values));
                boolean number = known.endsWith("Timeout") || known.endsWith("Threshold");
                check(name, !number || value.matches("[0-9]{1,4}"), "a whole number");
                settings.setProperty(known, value);
            } else {
                faults.add(
                        "an unknown setting '"
                                + name.replaceAll("[^A-Za-z0-9_.-]", "?")
                                + "' (expected: schema, connections, "
                                + SETTINGS.keySet().stream().collect(Collectors.joining(", "))
                                + ")");
            }
        }

        private void check(String name, boolean good, String expected) {
            if (!good) {
                faults.add(name + " has another value (expected: " + expected + ")");
            }
        }

        private String decoded(String what, String text) {
            try {
                // A plus is a plus: only forms write a space like that.
                return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException wrong) {
                faults.add(what + " has a % that is none (expected: %25 for a %)");
                return "";
            }
        }
    }
}
