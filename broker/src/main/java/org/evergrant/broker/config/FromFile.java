package org.evergrant.broker.config;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MisconfiguredException;
import org.evergrant.Secret;
import org.evergrant.seal.SealingKey;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads a file. Everything is read before anything is refused, so that one run names every fault.
 */
final class FromFile {
    private static final int LONGEST_CALLER = 64;

    /** Room for some 200,000 apps; a log file given by mistake must not fill the heap. */
    private static final int LONGEST = 64 * 1024 * 1024;

    /** The file has four levels. The library calls itself for each and ends with its stack. */
    private static final int DEEPEST = 16;

    private final Path file;
    private final String shown;
    private final Map<String, String> environment;
    private final Path folder;
    private final Faults faults;

    FromFile(Path file, String shown, Map<String, String> environment) {
        this.file = file;
        this.shown = shown;
        this.environment = environment;
        this.folder = Objects.requireNonNullElse(file.getParent(), file);
        this.faults = new Faults(shown);
    }

    Configuration read() {
        Node root = compose(text());
        Section top = Section.top(root, faults, new Substitution(environment, folder));
        top.allow(Keys.TOP);
        Listen listen = top.read("listen", Listen::parse);
        StoreSpec store = store(top);
        Duration wait = top.read("wait", Values::wait);
        URI publicUrl = top.read("public-url", Values::baseUrl);
        Proxying proxying = ProxySections.proxying(top, folder);
        Map<String, Forwarding> forwarding = new LinkedHashMap<>();
        Map<String, App> apps = apps(top, forwarding);
        Map<String, Caller> callers = callers(top, apps);
        faults.throwIfAny();
        return new Configuration(
                shown,
                Objects.requireNonNullElse(listen, Values.LISTEN),
                store,
                apps,
                callers,
                Objects.requireNonNullElse(wait, Values.WAIT),
                publicUrl,
                forwarding,
                proxying);
    }

    private String text() {
        try {
            if (Files.size(file) > LONGEST) {
                throw only("longer than " + LONGEST + " bytes", Faults.NOWHERE);
            }
            return Files.readString(file);
        } catch (NoSuchFileException none) {
            throw only("there is no such file", Faults.NOWHERE);
        } catch (CharacterCodingException binary) {
            throw only("not UTF-8 text", Faults.NOWHERE);
        } catch (IOException unreadable) {
            throw only(
                    Files.isDirectory(file)
                            ? "a folder (expected: a file)"
                            : "cannot be read: " + unreadable.getClass().getSimpleName(),
                    Faults.NOWHERE);
        }
    }

    /** The library's own messages quote the file, and with it perhaps a secret. */
    private Node compose(String text) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(shown)
                        .setAllowDuplicateKeys(true)
                        .setCodePointLimit(LONGEST)
                        .build();
        try {
            checkDepth(new Parse(settings).parseString(text));
            return new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> only("the file is empty", Faults.NOWHERE));
        } catch (ComposerException alias) {
            throw only(
                    "an alias of nothing, or a second document (a value that begins with * must be"
                            + " in quotes)",
                    line(alias));
        } catch (MarkedYamlEngineException wrong) {
            throw only("not YAML: " + Shown.sentence(wrong.getProblem()), line(wrong));
        } catch (YamlEngineException | IllegalArgumentException wrong) {
            // The second is how the library takes a tag such as "!%20".
            throw only("not YAML", Faults.NOWHERE);
        }
    }

    private void checkDepth(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionEndEvent) {
                depth--;
            } else if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                throw only("nested deeper than " + DEEPEST + " levels", line(event.getStartMark()));
            }
        }
    }

    private static int line(MarkedYamlEngineException wrong) {
        return line(wrong.getProblemMark());
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(Mark::getLine).orElse(-1) + 1;
    }

    private ConfigurationException only(String text, int line) {
        return new ConfigurationException(
                List.of(shown + (line == Faults.NOWHERE ? "" : ":" + line) + ": " + text));
    }

    private StoreSpec store(Section top) {
        SealingKey key = top.has("store-key") ? key(top) : FromEnvironment.key(environment, faults);
        boolean keyGiven = top.has("store-key") || FromEnvironment.isKeyGiven(environment);
        String text = top.url("store");
        if (text != null) {
            try {
                return Stores.parse(text, folder, key, keyGiven);
            } catch (IllegalArgumentException wrong) {
                // Without the value: a store's URL may hold a password.
                String.valueOf(wrong.getMessage())
                        .lines()
                        .forEach(fault -> top.fault("store", fault));
            }
        }
        return top.has("store") ? new StoreSpec.Memory() : Stores.usual(environment, key, faults);
    }

    private static @Nullable SealingKey key(Section top) {
        String text = top.text("store-key");
        if (text == null) {
            return null;
        }
        try {
            return SealingKey.fromText(text, "store-key");
        } catch (MisconfiguredException wrong) {
            top.fault("store-key", String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    private Map<String, App> apps(Section top, Map<String, Forwarding> forwarding) {
        Map<String, App> apps = new LinkedHashMap<>();
        Section all = top.section("apps");
        if (all == null || all.names().isEmpty()) {
            top.fault("apps", "there is none (expected: at least one app)");
            return apps;
        }
        Registrations registrations = new Registrations();
        Map<String, URI> urls = new HashMap<>();
        Map<String, String> legacyKeys = new HashMap<>();
        for (String name : all.names()) {
            if (!AppId.isValid(name)) {
                all.fault(
                        name,
                        "no name for an app (expected: 1 to 64 of a-z, 0-9, '.', '_', '-', first a"
                                + " letter or digit)");
                continue;
            }
            Section section = Objects.requireNonNull(all.section(name));
            App app = AppSection.read(AppId.of(name), section, urls);
            forwarding.put(name, ProxySections.forwarding(section, legacyKeys));
            if (app != null) {
                registrations.check(app, section);
                apps.put(name, app);
            }
        }
        return apps;
    }

    private Map<String, Caller> callers(Section top, Map<String, App> apps) {
        Map<String, Caller> callers = new LinkedHashMap<>();
        Section all = top.section("callers");
        if (all == null) {
            return callers;
        }
        Section appSections = top.section("apps");
        Set<String> names = appSections == null ? Set.of() : appSections.names();
        Map<String, App> byClientId = new HashMap<>();
        apps.values().forEach(app -> byClientId.putIfAbsent(app.clientId(), app));
        Map<String, String> bySecret = new HashMap<>();
        for (String name : all.names()) {
            checkName(all, name, byClientId.get(name));
            Section section = Objects.requireNonNull(all.section(name));
            section.allow(Keys.CALLER);
            String secret = section.text("secret");
            if (!section.has("secret")) {
                section.fault("secret", "missing");
            } else if (secret != null && secret.chars().anyMatch(Character::isISOControl)) {
                section.fault("secret", "has a control character (a line end?)");
            }
            Secret proof = Secret.of(secret == null ? "" : secret);
            String other = secret == null ? null : bySecret.putIfAbsent(secret, name);
            if (other != null) {
                // As a bearer a secret comes without a name, and must still say who sends it.
                section.fault("secret", "is also the secret of the caller " + other);
            }
            List<Allow> allow = ProxySections.allow(section);
            callers.put(name, new Caller(name, proof, granted(section, names), allow));
        }
        return callers;
    }

    private static Set<String> granted(Section section, Set<String> names) {
        if (!section.has("apps")) {
            section.fault("apps", "missing (expected: the names of apps)");
        }
        Set<String> granted = new LinkedHashSet<>();
        for (Section.Item app : section.list("apps")) {
            granted.add(app.text());
            if (!names.contains(app.text())) {
                section.fault(
                        "apps", "no app " + app.shown() + Shown.didYouMean(app.text(), names));
            }
        }
        return granted;
    }

    private static void checkName(Section all, String name, @Nullable App namesake) {
        if (!name.matches("[\\x21-\\x7e&&[^:]]{1," + LONGEST_CALLER + "}")) {
            all.fault(
                    name,
                    "no name for a caller (expected: 1 to "
                            + LONGEST_CALLER
                            + " printable ASCII characters, no space, no ':')");
        }
        if (namesake != null) {
            all.fault(
                    name,
                    "is also the client id of the app " + namesake.id() + "; rename the caller");
        }
    }
}
