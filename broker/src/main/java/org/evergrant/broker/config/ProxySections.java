package org.evergrant.broker.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.evergrant.Secret;
import org.evergrant.spi.DurationText;
import org.jspecify.annotations.Nullable;

/** Reads what the file says about the proxy. */
final class ProxySections {
    /** RFC 9110 section 7.6.3: a pseudonym is a token. */
    private static final Pattern PSEUDONYM = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern BYTES = Pattern.compile("([0-9]{1,9})(KiB|MiB)?");

    /** Where the API of Zoom's preset may be: Zoom's own domains, the government's among them. */
    static final Set<String> ZOOM_DOMAINS = Set.of("zoom.us", "zoomgov.com");

    private ProxySections() {}

    static Proxying proxying(Section top, Path folder) {
        String via = top.read("via", ProxySections::via);
        Proxying.Forwarded forwarded = top.read("forwarded", ProxySections::forwarded);
        Path log = top.read("access-log", text -> accessLog(text, folder));
        return new Proxying(
                Objects.requireNonNullElse(via, Proxying.USUAL.via()),
                Objects.requireNonNullElse(forwarded, Proxying.USUAL.forwarded()),
                log);
    }

    /**
     * Returns what an app's section says; where something is wrong with it, after noting that.
     *
     * @param keys the keys of self-signed tokens that apps before have, with the apps' paths
     */
    static Forwarding forwarding(Section section, Map<String, String> keys) {
        boolean preset = "zoom".equals(section.has("provider") ? section.text("provider") : "");
        String url = section.has("api-url") ? section.text("api-url") : null;
        if (url != null && url.indexOf('?') >= 0) {
            section.fault("api-url", "has a query (expected: a base that paths are put behind)");
        }
        Forwarding usual = preset && !section.has("api-url") ? Forwarding.ZOOM : Forwarding.USUAL;
        Integer replay = section.read("replay-limit", ProxySections::bytes);
        Duration within = section.read("answer-within", ProxySections::answerWithin);
        Integer queue = section.read("queue", ProxySections::queue);
        Forwarding own =
                new Forwarding(
                        usual.apiDomains(),
                        allow(section),
                        Objects.requireNonNullElse(replay, usual.replayLimit()),
                        Objects.requireNonNullElse(within, usual.answerWithin()),
                        Objects.requireNonNullElse(queue, usual.queue()),
                        section.read("pace", Pace::parse),
                        legacyJwt(section, keys),
                        hidden(section));
        // Most apps say nothing, and there may be very many.
        return own.equals(usual) ? usual : own;
    }

    static List<Allow> allow(Section section) {
        List<Allow> rules = new ArrayList<>();
        for (Section.Item item : section.list("allow")) {
            try {
                rules.add(Allow.parse(item.text()));
            } catch (IllegalArgumentException wrong) {
                String message = String.valueOf(wrong.getMessage());
                String expected = message.substring(message.lastIndexOf(" (expected"));
                section.fault("allow", item.shown() + expected);
            }
        }
        return rules;
    }

    private static @Nullable Set<String> hidden(Section section) {
        if (!section.has("hide-query")) {
            return null;
        }
        Set<String> names = new LinkedHashSet<>();
        section.list("hide-query").forEach(item -> names.add(item.text()));
        return names;
    }

    private static @Nullable LegacyJwt legacyJwt(Section section, Map<String, String> keys) {
        Section own = section.section("legacy-jwt");
        if (own == null) {
            return null;
        }
        own.allow(Keys.LEGACY_JWT);
        String key = required(own, "key");
        String secret = required(own, "secret");
        if (secret != null
                && secret.getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                        < LegacyJwt.LEAST_BYTES) {
            own.fault(
                    "secret",
                    "shorter than " + LegacyJwt.LEAST_BYTES + " bytes, which HS256 needs");
        }
        String other = key == null ? null : keys.putIfAbsent(key, own.path());
        if (other != null) {
            own.fault("key", "is also the key at " + other + "; it says which app is meant");
        }
        return key == null || secret == null ? null : new LegacyJwt(key, Secret.of(secret));
    }

    private static @Nullable String required(Section section, String key) {
        if (!section.has(key)) {
            section.fault(key, "missing");
        }
        return section.text(key);
    }

    private static String via(String text) {
        if (text.equals("none")) {
            return "";
        }
        if (!PSEUDONYM.matcher(text).matches()) {
            throw new IllegalArgumentException(" (expected: a word like evergrant, or none)");
        }
        return text;
    }

    private static Proxying.Forwarded forwarded(String text) {
        String word = Values.choice(text, List.of("none", "forwarded", "x-forwarded"));
        return Proxying.Forwarded.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static Path accessLog(String text, Path folder) {
        try {
            return text.equals("stdout") ? Proxying.STDOUT : folder.resolve(text).toAbsolutePath();
        } catch (InvalidPathException impossible) {
            throw new IllegalArgumentException(" (expected: stdout or a file)", impossible);
        }
    }

    private static int bytes(String text) {
        var form = BYTES.matcher(text);
        long unit = text.endsWith("KiB") ? 1024 : text.endsWith("MiB") ? 1024 * 1024 : 1;
        long bytes = form.matches() ? Long.parseLong(form.group(1)) * unit : -1;
        if (bytes < 0 || bytes > Forwarding.MOST_REPLAY) {
            throw new IllegalArgumentException(" (expected: 0 to 1MiB, like 65536 or 64KiB)");
        }
        return (int) bytes;
    }

    private static Duration answerWithin(String text) {
        Duration within = DurationText.parse(text);
        if (within.isZero() || within.compareTo(Forwarding.LONGEST_ANSWER) > 0) {
            throw new IllegalArgumentException(
                    " (expected: more than 0s, at most "
                            + DurationText.format(Forwarding.LONGEST_ANSWER)
                            + ")");
        }
        return within;
    }

    private static int queue(String text) {
        int queue = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (queue < 1 || queue > Forwarding.LONGEST_QUEUE) {
            throw new IllegalArgumentException(
                    " (expected: 1 to " + Forwarding.LONGEST_QUEUE + " calls)");
        }
        return queue;
    }
}
