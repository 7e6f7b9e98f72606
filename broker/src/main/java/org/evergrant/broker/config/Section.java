package org.evergrant.broker.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the file. What cannot be read is noted as a fault with its line and then counts as
 * not given; {@link #isFaulty} keeps it from being reported a second time.
 */
final class Section {
    private record Entry(int line, Node value) {}

    /** A value of a list, and how a message may show it. */
    record Item(String text, String shown) {}

    private final String path;
    private final int line;
    private final Faults faults;
    private final Substitution substitution;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> faulty = new HashSet<>();

    private Section(String path, int line, Faults faults, Substitution substitution) {
        this.path = path;
        this.line = line;
        this.faults = faults;
        this.substitution = substitution;
    }

    static Section top(Node root, Faults faults, Substitution substitution) {
        Section section = new Section("", lineOf(root), faults, substitution);
        section.fill(root);
        return section;
    }

    /** Returns where in the file it is, in keys. */
    String path() {
        return path;
    }

    Set<String> names() {
        return entries.keySet();
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    boolean isFaulty(String key) {
        return faulty.contains(key);
    }

    /** Notes a fault at each key that is not among {@code known}. */
    void allow(Collection<String> known) {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                String meant = Shown.didYouMean(key, known);
                String text =
                        meant.isEmpty()
                                ? "unknown key (expected: " + String.join(", ", known) + ")"
                                : "unknown key" + meant;
                faults.add(entry.line(), pathOf(key) + ": " + text);
            }
        });
    }

    /** Returns the mapping under {@code key}; null where there is none. */
    @Nullable Section section(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        Section inner = new Section(pathOf(key), entry.line(), faults, substitution);
        inner.fill(entry.value());
        return inner;
    }

    /**
     * Returns the text under {@code key}, with its variables in place; null where there is none.
     */
    @Nullable String text(String key) {
        Entry entry = entries.get(key);
        return entry == null
                ? null
                : scalar(key, pathOf(key), entry.value(), substitution::resolve);
    }

    /** Returns the same of a URL, see {@link Substitution#resolveUrl}. */
    @Nullable String url(String key) {
        Entry entry = entries.get(key);
        return entry == null
                ? null
                : scalar(key, pathOf(key), entry.value(), substitution::resolveUrl);
    }

    /**
     * Returns what {@code parse} makes of the text under {@code key}; null where there is none. The
     * message of its {@link IllegalArgumentException} counts from {@code (expected} on.
     */
    <T> @Nullable T read(String key, Function<String, T> parse) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException wrong) {
            wrong(key, String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    /** Returns the items of the list under {@code key}; none where there is none. */
    List<Item> list(String key) {
        List<Item> items = new ArrayList<>();
        Entry entry = entries.get(key);
        if (entry == null) {
            return items;
        }
        if (!(entry.value() instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            fault(key, "not a list with something in it (expected: [one, two])");
            return items;
        }
        for (Node node : sequence.getValue()) {
            String text = scalar(key, pathOf(key), node, substitution::resolve);
            if (text != null) {
                items.add(new Item(text, Shown.quoted(((ScalarNode) node).getValue())));
            }
        }
        return items;
    }

    /** Notes a fault at {@code key}, or at the section where the key is not given. */
    void fault(String key, String text) {
        Entry entry = entries.get(key);
        faulty.add(key);
        faults.add(entry == null ? line : entry.line(), pathOf(key) + ": " + text);
    }

    /** Notes that the value under {@code key} is not what {@code message} expects. */
    void wrong(String key, String message) {
        int from = message.lastIndexOf(" (expected");
        fault(key, shown(key) + (from < 0 ? "" : message.substring(from)));
    }

    /**
     * A value that came out of a variable is shown as it stands in the file, a secret not at all.
     */
    private String shown(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return "missing";
        }
        boolean secret = Keys.SECRET.contains(key);
        return secret || !(entry.value() instanceof ScalarNode scalar)
                ? "not usable"
                : Shown.quoted(scalar.getValue());
    }

    private @Nullable String scalar(
            String key, String where, Node node, UnaryOperator<String> resolve) {
        if (!(node instanceof ScalarNode scalar)) {
            faulty.add(key);
            String kind = node instanceof SequenceNode ? "a list" : "a mapping";
            faults.add(lineOf(node), where + ": " + kind + " (expected: one value)");
            return null;
        }
        if (node.getTag().equals(Tag.NULL) || scalar.getValue().isEmpty()) {
            faulty.add(key);
            faults.add(lineOf(node), where + ": no value");
            return null;
        }
        try {
            return resolve.apply(scalar.getValue());
        } catch (IllegalArgumentException missing) {
            faulty.add(key);
            faults.add(lineOf(node), where + ": " + missing.getMessage());
            return null;
        }
    }

    private void fill(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            String where = path.isEmpty() ? "the file" : path;
            faults.add(line, where + ": not a mapping (expected: keys with values below it)");
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            if (!(key instanceof ScalarNode scalar)) {
                faults.add(lineOf(key), pathOf("?") + ": a key that is not a word");
                continue;
            }
            Entry entry = new Entry(lineOf(key), tuple.getValueNode());
            Entry before = entries.putIfAbsent(scalar.getValue(), entry);
            if (before != null) {
                faults.add(
                        entry.line(),
                        pathOf(scalar.getValue()) + ": given before, in line " + before.line());
            }
        }
    }

    private String pathOf(String key) {
        String shown = key.matches("[A-Za-z0-9._-]{1,64}") ? key : Shown.quoted(key);
        return path.isEmpty() ? shown : path + "." + shown;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }
}
