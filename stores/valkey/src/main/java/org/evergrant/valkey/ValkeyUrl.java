package org.evergrant.valkey;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.evergrant.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Where a Valkey or Redis is and how to talk to it.
 *
 * <pre>
 * redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE][?OPTIONS]
 * redis-sentinel://[USER:PASSWORD@]HOST[:PORT],HOST[:PORT]…[/DATABASE][?OPTIONS]#PRIMARY
 * redis-cluster://[USER:PASSWORD@]HOST[:PORT],HOST[:PORT]…[?OPTIONS]
 * </pre>
 *
 * {@code rediss} in place of {@code redis} means TLS; {@code valkey} and {@code valkeys} mean the
 * same as these two. {@code docs/guide/valkey.md} has the options.
 */
public final class ValkeyUrl {
    private static final Pattern SCHEME =
            Pattern.compile("(redis|valkey)(s?)(-sentinel|-cluster)?://(.*)", Pattern.DOTALL);
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int PORT = 6379;
    private static final int SENTINEL_PORT = 26379;
    private static final int MOST_PORT = 65_535;
    private static final int MOST_DATABASE = 65_535;

    /** More replicas than anybody waits for. */
    private static final int MOST_REPLICAS = 16;

    private static final List<String> OPTIONS =
            List.of("wait-replicas", "prefix", "ca", "cert", "key", "sentinel-password");

    /** What stands at the other end. */
    enum Kind {
        /** One server. */
        SERVER,
        /** Sentinels, which know the primary. */
        SENTINEL,
        /** The nodes of a cluster. */
        CLUSTER
    }

    /** One address. */
    record Place(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    private final String scheme;
    private final boolean tls;
    private final Kind kind;
    private final List<String> faults = new ArrayList<>();
    private final List<Place> places;
    private final String primary;
    private final Map<String, String> options;
    private String user = "";
    private Secret password = Secret.of("");
    private int database;

    private ValkeyUrl(Matcher whole) {
        tls = whole.group(2).equals("s");
        String way = whole.group(3) == null ? "" : whole.group(3);
        scheme = whole.group(1) + whole.group(2) + way;
        kind =
                switch (way) {
                    case "-sentinel" -> Kind.SENTINEL;
                    case "-cluster" -> Kind.CLUSTER;
                    default -> Kind.SERVER;
                };
        String[] parts = cut(whole.group(4), '#');
        primary = primary(parts[1]);
        parts = cut(parts[0], '?');
        options = options(parts[1]);
        int at = parts[0].lastIndexOf('@');
        credentials(at < 0 ? "" : parts[0].substring(0, at));
        parts = cut(parts[0].substring(at + 1), '/');
        database(parts[1]);
        places = places(parts[0]);
    }

    /**
     * Returns what {@code text} says.
     *
     * @throws IllegalArgumentException with every fault, one a line; nothing of the text is quoted,
     *     because any part of it may be a piece of the password
     */
    public static ValkeyUrl parse(String text) {
        Matcher whole = SCHEME.matcher(text);
        if (!whole.matches()) {
            throw new IllegalArgumentException(
                    "not the URL of a Valkey or Redis (expected: redis://HOST, rediss://HOST,"
                            + " redis-sentinel://HOST,HOST#PRIMARY or redis-cluster://HOST,HOST)");
        }
        ValkeyUrl url = new ValkeyUrl(whole);
        if (!url.faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", url.faults));
        }
        return url;
    }

    /** Returns whether {@code text} begins as the URLs do that {@link #parse} reads. */
    public static boolean isMeant(String text) {
        return text.matches("(?s)(redis|valkey)s?(-sentinel|-cluster)?:.*");
    }

    Kind kind() {
        return kind;
    }

    boolean isTls() {
        return tls;
    }

    List<Place> places() {
        return places;
    }

    /** Returns the name by which the sentinels know the primary. */
    String primary() {
        return primary;
    }

    String user() {
        return user;
    }

    Secret password() {
        return password;
    }

    Secret sentinelPassword() {
        return Secret.of(options.getOrDefault("sentinel-password", ""));
    }

    int database() {
        return database;
    }

    /** Returns how many replicas must have a write before it counts as done; 0 for none. */
    int waitReplicas() {
        return Integer.parseInt(options.getOrDefault("wait-replicas", "0"));
    }

    /** Returns what each key begins with. */
    String prefix() {
        return options.getOrDefault("prefix", "evergrant");
    }

    /** Returns the file that the option names; null where it is not given. */
    @Nullable Path file(String option) {
        String name = options.get(option);
        return name == null ? null : Path.of(name);
    }

    /** Returns the URL without the password, for people. */
    @Override
    public String toString() {
        return scheme
                + "://"
                + (user.isEmpty() ? "" : user + "@")
                + places.stream().map(Place::toString).collect(Collectors.joining(","))
                + (database == 0 ? "" : "/" + database)
                + (primary.isEmpty() ? "" : "#" + primary);
    }

    private static String[] cut(String text, char where) {
        int at = text.indexOf(where);
        return at < 0
                ? new String[] {text, ""}
                : new String[] {text.substring(0, at), text.substring(at + 1)};
    }

    private String primary(String text) {
        if (kind == Kind.SENTINEL && !NAME.matcher(text).matches()) {
            faults.add(
                    "no name of the primary (expected: #NAME at the end, as the sentinels know"
                            + " it)");
        } else if (kind != Kind.SENTINEL && !text.isEmpty()) {
            faults.add("a # (expected: only behind redis-sentinel://; in a password, %23)");
        }
        return text;
    }

    private void credentials(String text) {
        String[] parts = cut(text, ':');
        user = decoded(parts[0], "user");
        password = Secret.of(decoded(parts[1], "password"));
        boolean plain = user.isEmpty() || user.matches("[\\x21-\\x7e]{1,128}");
        if (!plain) {
            faults.add("the user (expected: at most 128 printable ASCII characters)");
        }
        if (!user.isEmpty() && parts[1].isEmpty()) {
            faults.add("a user without a password (expected: USER:PASSWORD@, or :PASSWORD@)");
        }
    }

    private void database(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (kind == Kind.CLUSTER) {
            faults.add("a database (expected: none, a cluster has only one)");
        } else if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MOST_DATABASE) {
            faults.add("the database (expected: a number from 0; in a password a / is %2F)");
        } else {
            database = Integer.parseInt(text);
        }
    }

    private List<Place> places(String text) {
        List<Place> all = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            Matcher host = HOST.matcher(one);
            if (!host.matches()) {
                faults.add("host " + (all.size() + 1) + " (expected: HOST or HOST:PORT)");
                return all;
            }
            int usual = kind == Kind.SENTINEL ? SENTINEL_PORT : PORT;
            int port = host.group(2) == null ? usual : Integer.parseInt(host.group(2));
            if (port < 1 || port > MOST_PORT) {
                faults.add("port of host " + (all.size() + 1) + " (expected: 1 to 65535)");
            }
            all.add(new Place(host.group(1).replaceAll("[\\[\\]]", ""), port));
        }
        if (kind == Kind.SERVER && all.size() > 1) {
            faults.add(
                    all.size()
                            + " hosts (expected: one, or redis-sentinel:// or redis-cluster://)");
        }
        return all;
    }

    private Map<String, String> options(String text) {
        Map<String, String> all = new TreeMap<>();
        for (String one : text.split("&", -1)) {
            if (text.isEmpty()) {
                break;
            }
            String[] parts = cut(one, '=');
            if (!OPTIONS.contains(parts[0])) {
                faults.add(
                        "an unknown option (expected: "
                                + String.join(", ", OPTIONS)
                                + "; in a password a ? is %3F)");
            } else if (all.put(parts[0], decoded(parts[1], parts[0])) != null) {
                faults.add(parts[0] + ": given twice");
            }
        }
        check(all);
        return all;
    }

    private void check(Map<String, String> all) {
        String replicas = all.getOrDefault("wait-replicas", "0");
        if (!replicas.matches("[0-9]{1,2}") || Integer.parseInt(replicas) > MOST_REPLICAS) {
            faults.add("wait-replicas (expected: 0 to " + MOST_REPLICAS + ")");
        }
        if (!NAME.matcher(all.getOrDefault("prefix", "evergrant")).matches()) {
            faults.add("prefix (expected: 1 to 64 of A-Z, a-z, 0-9, '.', '_', '-')");
        }
        for (String file : List.of("ca", "cert", "key")) {
            if (all.containsKey(file) && !tls) {
                faults.add(file + ": without TLS (expected: rediss://)");
            }
            try {
                Path unused = Path.of(all.getOrDefault(file, ""));
            } catch (InvalidPathException impossible) {
                faults.add(file + " (expected: the name of a file)");
            }
        }
        if (all.containsKey("cert") != all.containsKey("key")) {
            faults.add("cert and key (expected: both or neither)");
        }
        if (all.containsKey("sentinel-password") && kind != Kind.SENTINEL) {
            faults.add("sentinel-password (expected: only with redis-sentinel://)");
        }
    }

    private String decoded(String text, String what) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException wrong) {
            faults.add(what + ": a % that begins no %XX (expected: %25)");
            return "";
        }
    }
}
